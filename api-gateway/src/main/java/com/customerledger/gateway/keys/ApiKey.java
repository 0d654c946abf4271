package com.customerledger.gateway.keys;

import org.jspecify.annotations.Nullable;

/**
 * A key that may be used.
 *
 * @param key its public part, {@code key_…}
 * @param merchantId whose it is
 * @param name what its maker called it
 * @param kind what it may do
 * @param ratePerSecond how many requests a second each node takes from it, or null for any number
 */
public record ApiKey(
        String key,
        String merchantId,
        String name,
        Kind kind,
        @Nullable Integer ratePerSecond) {

    /** What a key may do. */
    public enum Kind {
        /** Everything but telling which payments run. */
        READ_WRITE("read-write"),
        /** Reading only. */
        READ_ONLY("read-only"),
        /** The payments platform's: starting and stopping payments and reading those that run, nothing else. */
        PAYMENTS("payments");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The kind as the database and the commands write it. */
        public String text() {
            return text;
        }

        static Kind of(String text) {
            for (Kind kind : values()) {
                if (kind.text.equals(text)) {
                    return kind;
                }
            }
            throw new IllegalStateException("no kind of key is called " + text);
        }
    }
}

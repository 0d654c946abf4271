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
        String key, String merchantId, String name, Kind kind, @Nullable Integer ratePerSecond) {

    /** What a key may do. */
    public enum Kind {
        /** Everything but telling which payments run. */
        READ_WRITE,
        /** Reading only. */
        READ_ONLY,
        /** The payments platform's: starting and stopping payments and reading those that run, nothing else. */
        PAYMENTS
    }
}

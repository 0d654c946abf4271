package com.customerledger.events;

import java.security.SecureRandom;

/**
 * Makes the ids of the ledger: a prefix and 21 characters of {@code A-Za-z0-9_-} (126 random bits) from a secure
 * source. Thread-safe.
 */
public final class Ids {

    /** Length in characters of every id: the prefix of four and 21 random ones. */
    public static final int LENGTH = 25;

    private static final int RANDOM_CHARACTERS = 21;
    private static final char[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new customer's id, {@code cus_…}. */
    public static String customer() {
        return next("cus_");
    }

    /** A new merchant's id, {@code mer_…}. */
    public static String merchant() {
        return next("mer_");
    }

    /** The public part of a new API key, {@code key_…}. */
    public static String apiKey() {
        return next("key_");
    }

    /** An id for a request that came without one, {@code req_…}. */
    public static String request() {
        return next("req_");
    }

    private static String next(String prefix) {
        byte[] bytes = new byte[RANDOM_CHARACTERS];
        RANDOM.nextBytes(bytes);
        StringBuilder id = new StringBuilder(LENGTH).append(prefix);
        for (byte each : bytes) {
            id.append(ALPHABET[each & 63]);
        }
        return id.toString();
    }
}

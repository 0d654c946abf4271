package com.customerledger.events;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

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
    private static final Random RANDOM = new Random();

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
        char[] id = Arrays.copyOf(prefix.toCharArray(), LENGTH);
        RANDOM.fill(id, prefix.length());
        return new String(id);
    }

    /** The secure source, asked for many bytes at a time: asked for a few, it takes ten times as long for each. */
    private static final class Random {

        private final SecureRandom source;
        private final byte[] bytes = new byte[32 * RANDOM_CHARACTERS];
        private int used = bytes.length;

        Random() {
            try {
                // That of NIST SP 800-90A, seeded by the system; every Java of ours has it.
                source = SecureRandom.getInstance("DRBG");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        synchronized void fill(char[] id, int from) {
            if (bytes.length - used < id.length - from) {
                source.nextBytes(bytes);
                used = 0;
            }
            for (int i = from; i < id.length; i++) {
                id[i] = ALPHABET[bytes[used++] & 63];
            }
        }
    }
}

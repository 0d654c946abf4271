package com.customerledger.gateway.keys;

import com.customerledger.events.UnavailableException;
import com.customerledger.gateway.keys.KeyTable.StoredKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Knows the keys that may be used. A key that was right is remembered for {@value #FRESH_MS} ms, so that a busy one does
 * not cost a statement per request. Whatever goes wrong is never remembered: all of it costs the same one statement and
 * the same comparison, so that neither answer nor time tells a wrong secret from a key that never was. Thread-safe.
 */
public final class ApiKeys {

    /** How long a key that was right is taken for right without asking the database. */
    static final long FRESH_MS = 2_000;

    /** How long it is taken for right while the database does not answer. */
    static final long STALE_MAX_MS = 5_000;

    private static final int REMEMBERED_MAX = 10_000;

    /** What is looked up when the key that was sent can't be one: it has the form of a key that is never made. */
    private static final String NO_KEY = "key_---------------------";

    /** What a secret is compared with where there is none. */
    private static final byte[] NO_SECRET = new byte[32];

    private final Function<String, StoredKey> table;
    private final Ticker clock;
    private final Cache<String, Proven> remembered;

    ApiKeys(GatewayDatabase database) {
        this(key -> database.ask(client -> KeyTable.find(client, key)), Ticker.systemTicker());
    }

    ApiKeys(Function<String, StoredKey> table, Ticker clock) {
        this.table = table;
        this.clock = clock;
        this.remembered = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfterWrite(STALE_MAX_MS, TimeUnit.MILLISECONDS)
                .ticker(clock)
                .build();
    }

    /** A key that was right, and when the database was asked about it. */
    private record Proven(StoredKey stored, long askedAtNs) {

        ApiKey key() {
            return stored.key();
        }
    }

    /**
     * The key that these credentials are of.
     *
     * @param key the public part, as it was sent
     * @param secret the other part, as it was sent
     * @throws InvalidKeyException when there is no such key, its secret is another, or it is disabled; in the same time
     *     for each
     * @throws UnavailableException when the database can't say, and has not said lately
     */
    public ApiKey authenticate(@Nullable String key, @Nullable String secret) throws InvalidKeyException {
        byte[] sent = Credentials.sha256(secret == null ? "" : secret);
        String asked = key != null && Credentials.isKey(key) ? key : NO_KEY;

        Proven proven = remembered.getIfPresent(asked);
        byte[] expected = proven == null ? NO_SECRET : proven.stored().secretSha256();
        if (!MessageDigest.isEqual(expected, sent)) {
            proven = null;
        }
        if (proven != null && youngerThan(FRESH_MS, proven)) {
            return proven.key();
        }

        long askedAtNs = clock.read();
        StoredKey found;
        try {
            found = table.apply(asked);
        } catch (UnavailableException failure) {
            if (proven != null && youngerThan(STALE_MAX_MS, proven)) {
                return proven.key();
            }
            throw failure;
        }
        boolean right = MessageDigest.isEqual(found.secretSha256(), sent);
        if (!right || !found.usable()) {
            // Also the answer where a key was right a moment ago and is disabled now.
            if (proven != null) {
                remembered.invalidate(asked);
            }
            throw new InvalidKeyException();
        }
        remembered.put(asked, new Proven(found, askedAtNs));
        return found.key();
    }

    /**
     * Whether a key that was right once may still be used.
     *
     * @throws UnavailableException when the database can't say
     */
    public boolean isUsable(ApiKey key) {
        Proven known = remembered.getIfPresent(key.key());
        if (known != null && youngerThan(FRESH_MS, known)) {
            return true;
        }
        long askedAtNs = clock.read();
        StoredKey found = table.apply(key.key());
        if (!found.usable()) {
            remembered.invalidate(key.key());
            return false;
        }
        remembered.put(key.key(), new Proven(found, askedAtNs));
        return true;
    }

    private boolean youngerThan(long ms, Proven proven) {
        return clock.read() - proven.askedAtNs() < TimeUnit.MILLISECONDS.toNanos(ms);
    }
}

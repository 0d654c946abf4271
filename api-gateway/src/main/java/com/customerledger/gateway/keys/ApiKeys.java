package com.customerledger.gateway.keys;

import com.customerledger.events.UnavailableException;
import org.jspecify.annotations.Nullable;

/** Knows the keys that may be used. Thread-safe. */
public final class ApiKeys {

    ApiKeys() {}

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
        throw new InvalidKeyException();
    }
}

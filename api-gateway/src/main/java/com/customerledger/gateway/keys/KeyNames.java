package com.customerledger.gateway.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** Knows what keys are called, disabled ones too. A name never changes, so it is asked for once. Thread-safe. */
public final class KeyNames {

    private static final int REMEMBERED_MAX = 10_000;

    private final GatewayDatabase database;
    private final Cache<String, String> remembered =
            Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();

    KeyNames(GatewayDatabase database) {
        this.database = database;
    }

    /**
     * What a key is called, or null where there is no such key.
     *
     * @param key its public part
     * @throws com.customerledger.events.UnavailableException when the database can't say
     */
    public @Nullable String of(String key) {
        String known = remembered.getIfPresent(key);
        if (known != null) {
            return known;
        }
        String name = database.ask(client -> KeyTable.name(client, key));
        if (name != null) {
            remembered.put(key, name);
        }
        return name;
    }
}

package com.customerledger.gateway.keys;

import com.customerledger.gateway.keys.ApiKey.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as its operator sees it.
 *
 * @param key its public part
 * @param merchant its merchant's name
 * @param name what its maker called it
 * @param kind what it may do
 * @param ratePerSecond how many requests a second each node takes from it, or null for any number
 * @param disabledAt since when it is refused, or null while it may be used
 */
public record ListedKey(
        String key,
        String merchant,
        String name,
        Kind kind,
        @Nullable Integer ratePerSecond,
        Instant createdAt,
        @Nullable Instant disabledAt) {}

package com.customerledger.events.command;

import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param merchantId the merchant that the key belongs to
 * @param key the public part of the API key
 * @param requestId the request's id
 * @param actor who at the merchant, at most 128 characters, or null
 * @param reason why, at most 256 characters, or null
 */
public record Caller(
        String merchantId,
        String key,
        String requestId,
        @Nullable String actor,
        @Nullable String reason) {

    /** Without actor and reason, which are personal. */
    @Override
    public String toString() {
        return "Caller[" + key + ", " + requestId + "]";
    }
}

package com.customerledger.events;

import org.jspecify.annotations.Nullable;

/**
 * What is kept beside each event about the request that caused it. Nothing personal.
 *
 * @param key the public part of the API key
 * @param requestId the request's id, the client's or ours
 * @param idempotency SHA-256 of the idempotency key in lower-case hexadecimal, or null where the request had none
 */
public record EventMetadata(
        String key, String requestId, @Nullable String idempotency) {}

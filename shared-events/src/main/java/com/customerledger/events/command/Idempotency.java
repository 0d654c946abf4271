package com.customerledger.events.command;

/**
 * A request that can be repeated safely.
 *
 * @param key the merchant's own name for the request, at most 255 characters
 * @param request SHA-256 of method, target and body in lower-case hexadecimal: what the key is bound to
 */
public record Idempotency(String key, String request) {}

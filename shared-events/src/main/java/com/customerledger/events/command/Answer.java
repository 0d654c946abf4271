package com.customerledger.events.command;

/**
 * What a batch that succeeded is answered with.
 *
 * @param body the whole answer, JSON in UTF-8; with an idempotency key it is stored as it stands here, and a repetition
 *     gets the same bytes
 * @param replayed whether it is the answer of an earlier request with the same idempotency key
 */
public record Answer(byte[] body, boolean replayed) {}

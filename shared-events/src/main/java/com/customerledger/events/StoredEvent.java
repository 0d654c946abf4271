package com.customerledger.events;

import java.util.UUID;

/**
 * An event as the store holds it.
 *
 * @param position its place in the store's order: the number of its transaction, then its place in that
 * @param id its own id
 * @param sequence its place among its customer's events, from 0
 * @param event what happened
 * @param metadata what caused it
 */
public record StoredEvent(long position, UUID id, long sequence, LedgerEvent event, EventMetadata metadata) {}

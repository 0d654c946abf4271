package com.customerledger.events;

import java.time.Instant;

/**
 * A customer came to be, always with a status, never as archived: that is a {@link CustomerArchived} of its own.
 *
 * @param personal the fields that have a value, and who says so
 */
public record CustomerCreated(String customerId, String merchantId, Instant at, Personal personal)
        implements LedgerEvent {}

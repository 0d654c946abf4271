package com.customerledger.events;

import java.time.Instant;

/**
 * Fields of a customer changed. The names of the changed fields stand in the stored payload beside what is personal, so
 * that they can be read when that can't be any more.
 *
 * @param personal at least one field, each with its new value or null where it was cleared, and who says so
 */
public record CustomerUpdated(String customerId, String merchantId, Instant at, Personal personal)
        implements LedgerEvent {}

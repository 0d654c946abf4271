package com.customerledger.events;

import java.time.Instant;

/**
 * An archived customer has another status again.
 *
 * @param personal the status, and who says so
 */
public record CustomerRestored(String customerId, String merchantId, Instant at, Personal personal)
        implements LedgerEvent {}

package com.customerledger.events;

import java.time.Instant;

/**
 * A customer was archived: its status is ARCHIVED from now on.
 *
 * @param atCreation whether the request that created the customer archived it too
 * @param personal no fields, and who says so
 */
public record CustomerArchived(String customerId, String merchantId, Instant at, boolean atCreation, Personal personal)
        implements LedgerEvent {}

package com.customerledger.events;

import java.time.Instant;

/**
 * A running payment of a customer stopped, for good.
 *
 * @param paymentId the payments platform's id, unique for the merchant
 * @param personal no fields, and who says so
 */
public record PaymentStopped(String customerId, String merchantId, Instant at, String paymentId, Personal personal)
        implements LedgerEvent {}

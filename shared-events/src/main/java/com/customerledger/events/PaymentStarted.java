package com.customerledger.events;

import java.time.Instant;

/**
 * A payment of a customer started to run.
 *
 * @param paymentId the payments platform's id, unique for the merchant
 * @param customerVersion the customer's version then, where its details at the start are to be found
 * @param personal no fields, and who says so
 */
public record PaymentStarted(
        String customerId,
        String merchantId,
        Instant at,
        String paymentId,
        PaymentMethod method,
        int customerVersion,
        Personal personal)
        implements LedgerEvent {}

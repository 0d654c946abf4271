package com.customerledger.events;

import java.time.Instant;

/**
 * A thing that happened to a customer. Events are for ever: their stored form is {@link EventCodec}'s, where type and
 * revision are logical names and the Java names mean nothing.
 */
public sealed interface LedgerEvent
        permits CustomerCreated, CustomerUpdated, CustomerArchived, CustomerRestored, PaymentStarted, PaymentStopped {

    /** The customer it happened to; the aggregate's id, stored in a column of its own. */
    String customerId();

    /** Whose customer that is. */
    String merchantId();

    /**
     * When, by the deciding node's clock, in whole microseconds; never before the customer's previous event. Stored in a
     * column of its own.
     */
    Instant at();

    /** What the merchant said; all that is personal of the event. */
    Personal personal();
}

package com.customerledger.events.command;

import org.jspecify.annotations.Nullable;

/** A batch that succeeds whole or not at all, of a merchant's own records. */
public sealed interface Command permits CreateCustomers, UpdateCustomers, StartPayments, StopPayments {

    /** Who asks. */
    Caller caller();

    /** How a repetition of the request is known, or null where it has no key. */
    @Nullable Idempotency idempotency();

    /** How many records the batch has. */
    int size();
}

package com.customerledger.events;

import com.customerledger.events.customer.FieldChanges;
import org.jspecify.annotations.Nullable;

/**
 * All of an event that a merchant says about a customer, kept in one member of the stored payload, so that it can be
 * encrypted for each customer without a new revision of any event.
 *
 * @param fields the customer's fields and their new values
 * @param actor who at the merchant asked for the change, at most 128 characters
 * @param reason why, at most 256 characters
 */
public record Personal(
        FieldChanges fields,
        @Nullable String actor,
        @Nullable String reason) {

    /** The format's number in the stored payload; another number may be another envelope. */
    static final int FORMAT = 1;

    /** Says which fields it holds and nothing that is personal. */
    @Override
    public String toString() {
        return "Personal[" + fields + "]";
    }
}

package com.customerledger.query.customers;

import com.customerledger.events.customer.Lookup;

/** The short form of a customer's status in the rows of views. A code is never given another meaning. */
final class StatusCode {

    private StatusCode() {}

    /** Every code there is. */
    static short[] all() {
        return new short[] {0, 1, 2};
    }

    static short of(Lookup status) {
        return switch (status) {
            case ACTIVE -> 0;
            case DISABLED -> 1;
            case ARCHIVED -> 2;
            default -> throw new IllegalArgumentException(status + " is no status of a customer");
        };
    }
}

package com.customerledger.query.customers;

import com.customerledger.events.customer.Lookup;

/** The short form of a customer's status in the rows of views. A code is never given another meaning. */
final class StatusCode {

    /** Every code there is, in order. */
    static final short[] ALL = {0, 1, 2};

    private StatusCode() {}

    static short of(Lookup status) {
        return switch (status) {
            case ACTIVE -> 0;
            case DISABLED -> 1;
            case ARCHIVED -> 2;
            default -> throw new IllegalArgumentException(status + " is no status of a customer");
        };
    }
}

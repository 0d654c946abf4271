package com.customerledger.events.customer;

import com.customerledger.events.refusal.Fault;

/** A value that was sent is not one that its field can have. */
public final class FaultyValueException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    FaultyValueException(Fault fault) {
        super(fault.message(), null, false, false);
        this.fault = fault;
    }

    /** What is wrong with the value. */
    public Fault fault() {
        return fault;
    }
}

package com.customerledger.command.customer;

import com.customerledger.command.customer.CustomerState.Payment;
import com.customerledger.command.store.AggregateState;
import com.customerledger.events.customer.PackedCustomer;
import java.time.Instant;
import java.util.Map;

/** A {@link CustomerState} as it is remembered among many: it takes little memory. Immutable. */
record RememberedCustomer(PackedCustomer customer, Map<String, Payment> payments, Instant lastAt)
        implements AggregateState {

    // As a histogram of the heap had them: objects, their headers, and the entries of maps.
    private static final int BYTES = 400;
    private static final int PAYMENT_BYTES = 200;

    /**
     * Remembers a customer.
     *
     * @param state of a customer that exists
     */
    static RememberedCustomer of(CustomerState state) {
        return new RememberedCustomer(PackedCustomer.of(state.existing()), state.payments(), state.lastAt());
    }

    /** The state that is remembered. Unpacked at each call. */
    CustomerState state() {
        return new CustomerState(customer.unpack(), payments, lastAt);
    }

    @Override
    public int bytes() {
        return BYTES + customer.length() + PAYMENT_BYTES * payments.size();
    }
}

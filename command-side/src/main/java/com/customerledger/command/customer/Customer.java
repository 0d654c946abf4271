package com.customerledger.command.customer;

import com.customerledger.events.LedgerEvent;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.jspecify.annotations.Nullable;

/**
 * The aggregate: Axon loads it, guards its sequence and publishes its events; what it is and what it decides is
 * {@link CustomerState}'s.
 */
final class Customer {

    @AggregateIdentifier
    @SuppressWarnings("UnusedVariable") // Axon reads it.
    private @Nullable String id;

    private @Nullable RememberedCustomer remembered;
    private final List<LedgerEvent> since = new ArrayList<>(2);

    /** What the customer is after all events so far. Made out at each call: who only records events needs none. */
    CustomerState state() {
        CustomerState first = remembered == null ? CustomerState.NONE : remembered.state();
        return first.evolve(since);
    }

    /** Lets these events of this customer happen, in order. */
    void record(List<LedgerEvent> events) {
        events.forEach(AggregateLifecycle::apply);
    }

    /** What it became by its events so far, in place of these. */
    @EventSourcingHandler
    void on(RememberedCustomer before) {
        id = before.customer().id();
        remembered = before;
    }

    @EventSourcingHandler
    void on(LedgerEvent event) {
        id = event.customerId();
        since.add(event);
    }
}

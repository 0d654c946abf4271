package com.customerledger.query.customers;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Folds the events of a batch into the customers that they change, from what the view has of these. */
final class Fold {

    /**
     * What one event does to its customer.
     *
     * @param before the customer before it, null where it creates the customer
     * @param customer the customer after it
     */
    record Step(@Nullable CustomerRecord before, CustomerRecord customer, RecordedEvent event) {

        /** The event's place among the customer's events. */
        int sequence() {
            return event.sequence();
        }

        /** When it happened. */
        Instant at() {
            return event.at();
        }

        /** Whether it makes another version of the customer. */
        boolean isChange() {
            return before == null || before.version() != customer.version();
        }
    }

    /**
     * What a view has of a customer.
     *
     * @param sequence the place of the newest event that is in it, among the customer's events
     */
    record Known(CustomerRecord customer, int sequence) {}

    /** Reads what a view has of customers. */
    @FunctionalInterface
    interface Current {

        /** What the view has of these customers, by their ids; nothing of those that it does not have. */
        Map<String, Known> read(Connection connection, Collection<String> customerIds) throws SQLException;
    }

    private Fold() {}

    /**
     * By each customer, every step that it takes, in order; steps that the view has are left out.
     *
     * @param withPayments whether events of payments are steps too, though they change no customer
     */
    static Map<String, List<Step>> steps(
            Connection connection, List<RecordedEvent> events, boolean withPayments, Current current)
            throws SQLException {
        Map<String, Known> newest = new HashMap<>();
        Set<String> before = known(events, withPayments);
        if (!before.isEmpty()) {
            newest.putAll(current.read(connection, before));
        }
        Map<String, List<Step>> steps = new LinkedHashMap<>();
        for (RecordedEvent recorded : events) {
            LedgerEvent event = recorded.event();
            if (!withPayments && !changesCustomer(event)) {
                continue;
            }
            Known last = newest.get(recorded.customerId());
            if (last == null || recorded.sequence() > last.sequence()) {
                CustomerRecord known = last == null ? null : last.customer();
                CustomerRecord customer = CustomerRecord.after(known, event);
                newest.put(recorded.customerId(), new Known(customer, recorded.sequence()));
                steps.computeIfAbsent(recorded.customerId(), id -> new ArrayList<>(1))
                        .add(new Step(known, customer, recorded));
            }
        }
        return steps;
    }

    /**
     * What the rows of a statement tell of customers.
     *
     * @param statement gives customer_id, merchant_id, version, sequence, rank and record
     */
    static Map<String, Known> read(PreparedStatement statement, CustomerJson json) throws SQLException {
        Map<String, Known> known = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                CustomerRecord customer = json.read(
                        rows.getString(6), rows.getString(2), rows.getInt(3), Rank.createdAt(rows.getLong(5)));
                known.put(rows.getString(1), new Known(customer, rows.getInt(4)));
            }
        }
        return known;
    }

    /** The customers that take steps and were created before these events; sorted, so that equal batches lock alike. */
    private static Set<String> known(List<RecordedEvent> events, boolean withPayments) {
        Set<String> created = new HashSet<>();
        Set<String> known = new TreeSet<>();
        for (RecordedEvent recorded : events) {
            LedgerEvent event = recorded.event();
            if (event instanceof CustomerCreated) {
                created.add(recorded.customerId());
            } else if ((withPayments || changesCustomer(event)) && !created.contains(recorded.customerId())) {
                known.add(recorded.customerId());
            }
        }
        return known;
    }

    /** Whether the event makes another version of its customer. */
    static boolean changesCustomer(LedgerEvent event) {
        return !(event instanceof PaymentStarted || event instanceof PaymentStopped);
    }
}

package com.customerledger.query.customers;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
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

/**
 * Folds the events of a batch into the customers that they change, from what the view has of these: some events know it
 * themselves, of those that changed last it is remembered, and of the others it is read. Not thread-safe; for one
 * projection, since what it remembers holds as long as everything that it was given commits.
 */
final class Fold {

    /**
     * How many customers are remembered: enough for those that are changed again and again. With many more, those that are
     * changed once live long enough to cost the collector more than reading them does.
     */
    static final int REMEMBERED_MAX = 2_048;

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

    private final boolean withPayments;
    private final Current current;
    private final Map<String, Known> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /**
     * @param withPayments whether events of payments are steps too, though they change no customer
     * @param current reads what the view has
     */
    Fold(boolean withPayments, Current current) {
        this.withPayments = withPayments;
        this.current = current;
    }

    /** By each customer, every step that it takes, in order; steps that the view has are left out. */
    Map<String, List<Step>> steps(Connection connection, List<RecordedEvent> events) throws SQLException {
        Map<String, Known> newest = known(connection, events);
        Map<String, List<Step>> steps = new LinkedHashMap<>();
        Set<String> told = new HashSet<>();
        for (RecordedEvent recorded : events) {
            LedgerEvent event = recorded.event();
            if (!isStep(event)) {
                continue;
            }
            Known last = newest.get(recorded.customerId());
            if (last == null || recorded.sequence() > last.sequence()) {
                CustomerRecord known = last == null ? null : last.customer();
                CustomerRecord customer = CustomerRecord.after(known, event);
                newest.put(recorded.customerId(), new Known(customer, recorded.sequence()));
                if (recorded.before() != null) {
                    told.add(recorded.customerId());
                }
                steps.computeIfAbsent(recorded.customerId(), id -> new ArrayList<>(1))
                        .add(new Step(known, customer, recorded));
            }
        }
        newest.forEach((id, known) -> remember(id, known, told.contains(id)));
        return steps;
    }

    /** What is known of the customers that take steps and were created before these events. */
    private Map<String, Known> known(Connection connection, List<RecordedEvent> events) throws SQLException {
        Set<String> met = new HashSet<>();
        Map<String, Known> known = new HashMap<>();
        // Sorted, so that equal batches lock alike.
        Set<String> unknown = new TreeSet<>();
        for (RecordedEvent recorded : events) {
            String id = recorded.customerId();
            boolean isFirst = isStep(recorded.event()) && met.add(id);
            if (isFirst && !(recorded.event() instanceof CustomerCreated)) {
                Known last = remembered.get(id);
                CustomerRecord before = recorded.before();
                // Only what stands right before the event is sure to be all that there is.
                if (before != null) {
                    known.put(id, new Known(before, recorded.sequence() - 1));
                } else if (last != null && last.sequence() + 1 == recorded.sequence()) {
                    known.put(id, last);
                } else {
                    unknown.add(id);
                }
            }
        }
        if (!unknown.isEmpty()) {
            known.putAll(current.read(connection, unknown));
        }
        return known;
    }

    /**
     * Who was only created is not remembered: most are never changed, and a filling meets them all. Nor is whose event
     * told what the customer was before it, as the next one will.
     */
    private void remember(String customerId, Known known, boolean isTold) {
        if (known.sequence() > 0 && !isTold && known.customer().isSmall()) {
            remembered.put(customerId, known);
        } else {
            remembered.remove(customerId);
        }
    }

    private boolean isStep(LedgerEvent event) {
        return withPayments || !(event instanceof PaymentStarted || event instanceof PaymentStopped);
    }

    /** The customer of a row, which stands in its columns from the second on. */
    @FunctionalInterface
    interface CustomerRow {
        CustomerRecord read(ResultSet row) throws SQLException;
    }

    /**
     * Reads by a statement.
     *
     * @param sql has an array of ids as its parameter, and gives the sequence and then what the row needs
     */
    static Current by(String sql, CustomerRow row) {
        return (connection, customerIds) -> {
            Map<String, Known> known = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, customerIds.toArray(String[]::new));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        CustomerRecord customer = row.read(rows);
                        known.put(customer.id(), new Known(customer, rows.getInt(1)));
                    }
                }
            }
            return known;
        };
    }
}

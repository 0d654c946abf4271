package com.customerledger.query.view;

import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A view that notes each event of a customer in order, and can't apply what it is told not to like. */
final class Picky implements View {

    static final String NAME = "picky";

    /** Events, as customer and sequence, that it fails with. */
    final Set<String> disliked = ConcurrentHashMap.newKeySet();

    private final int revision;

    Picky() {
        this(1);
    }

    Picky(int revision) {
        this.revision = revision;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int revision() {
        return revision;
    }

    @Override
    public String tables() {
        return """
                CREATE TABLE views.picky_N (
                    place       bigint GENERATED ALWAYS AS IDENTITY,
                    customer_id text    NOT NULL,
                    sequence    integer NOT NULL,
                    CONSTRAINT picky_key_N PRIMARY KEY (customer_id, sequence)
                );
                """;
    }

    @Override
    public boolean handles(String type) {
        return !type.equals("PaymentStopped");
    }

    @Override
    public Projection projection(Generation generation) {
        String sql = generation.sql("INSERT INTO views.picky_N (customer_id, sequence) VALUES (?, ?)");
        return (connection, events) -> {
            for (RecordedEvent event : events) {
                insert(connection, sql, event);
            }
        };
    }

    private void insert(Connection connection, String sql, RecordedEvent event) throws SQLException {
        boolean dislikes = disliked.contains(event.customerId() + " " + event.sequence());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // The database refuses a row without a customer.
            statement.setString(1, dislikes ? null : event.customerId());
            statement.setInt(2, event.sequence());
            statement.executeUpdate();
        }
    }
}

package com.customerledger.query.view;

import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A view that counts each event, and does not forgive one that comes twice. */
final class Tally implements View {

    /** What it fails with, for as long as this is set. */
    final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

    private final String name;

    Tally() {
        this("tally");
    }

    Tally(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int revision() {
        return 1;
    }

    @Override
    public String tables() {
        return """
                CREATE TABLE views.tally_N (
                    place    bigint GENERATED ALWAYS AS IDENTITY,
                    position bigint PRIMARY KEY
                );
                """;
    }

    @Override
    public Projection projection(Generation generation) {
        return (connection, events) -> apply(
                connection,
                events,
                generation.sql("INSERT INTO views.tally_N (position) SELECT * FROM unnest(?::bigint[])"));
    }

    private void apply(Connection connection, List<RecordedEvent> events, String sql) throws SQLException {
        RuntimeException fails = failure.get();
        if (fails != null) {
            throw fails;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(
                    1, events.stream().mapToLong(RecordedEvent::position).toArray());
            statement.executeUpdate();
        }
    }
}

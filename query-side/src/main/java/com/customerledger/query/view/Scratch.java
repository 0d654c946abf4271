package com.customerledger.query.view;

import com.customerledger.events.Positions;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.Generation.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A generation in temporary tables, filled in one transaction that its caller rolls back: nobody else sees it, and
 * nothing of it stays.
 */
final class Scratch {

    /**
     * What was filled.
     *
     * @param events how many events were read
     * @param position the last one's, 0 for none
     * @param tables by the name of the table, without a number, what is in it
     */
    record Filled(long events, long position, Map<String, ContentDigest.Table> tables) {}

    private static final int BATCH_EVENTS = 5_000;
    private static final int ROWS_PER_FETCH = 1_000;

    private static final String EVENTS = "SELECT " + RecordedEvent.COLUMNS + """
             FROM ledger.events
             WHERE occurred_at <= coalesce(?::timestamptz, 'infinity')
             ORDER BY position
            """;

    private final Connection connection;
    private final View view;
    private final Generation generation;
    private final View.Projection projection;

    private Scratch(Connection connection, View view, ZoneId zone) {
        this.connection = connection;
        this.view = view;
        this.generation = new Generation(0, view.name(), Generation.SCRATCH, view.revision(), zone, State.LIVE);
        this.projection = view.projection(generation);
    }

    /**
     * Fills a view from the store.
     *
     * @param connection in a transaction that is to be rolled back
     * @param asOf the moment of the last events, or null for all there are
     * @param progress is told how many events were read
     */
    static Filled fill(Connection connection, View view, ZoneId zone, @Nullable Instant asOf, LongConsumer progress)
            throws SQLException {
        return new Scratch(connection, view, zone).fill(asOf, progress);
    }

    private Filled fill(@Nullable Instant asOf, LongConsumer progress) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(generation.sql(view.tables()));
        }
        long events = 0;
        long position = 0;
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setFetchSize(ROWS_PER_FETCH);
            statement.setObject(1, asOf == null ? null : OffsetDateTime.ofInstant(asOf, ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                List<RecordedEvent> batch = new ArrayList<>();
                while (rows.next()) {
                    RecordedEvent event = RecordedEvent.read(rows);
                    if (batch.size() >= BATCH_EVENTS
                            && Positions.transaction(event.position()) != Positions.transaction(position)) {
                        apply(batch);
                        progress.accept(events);
                        batch.clear();
                    }
                    batch.add(event);
                    position = event.position();
                    events++;
                }
                apply(batch);
                progress.accept(events);
            }
        }
        List<String> names = generation.tables(view.tables());
        List<ContentDigest.Table> contents = view.digest(connection, generation).tables();
        Map<String, ContentDigest.Table> tables = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            tables.put(name.substring(name.indexOf('.') + 1, name.lastIndexOf('_')), contents.get(i));
        }
        return new Filled(events, position, tables);
    }

    private void apply(List<RecordedEvent> batch) throws SQLException {
        for (RecordedEvent event : batch) {
            // An event that this version can't read is not passed over, be it of a type that the view does not handle.
            event.event();
        }
        List<RecordedEvent> handled =
                batch.stream().filter(event -> view.handles(event.type())).toList();
        if (!handled.isEmpty()) {
            projection.apply(connection, handled);
        }
    }
}

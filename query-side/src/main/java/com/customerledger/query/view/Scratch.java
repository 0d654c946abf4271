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
import java.util.regex.Pattern;
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
     * @param tables by the name of the table, what is in it
     */
    record Filled(long events, long position, Map<String, Contents> tables) {}

    /**
     * What is in a table.
     *
     * @param digest the sum of the hashes of its rows, whatever their order, in hexadecimal
     */
    record Contents(long rows, String digest) {}

    private static final int BATCH_EVENTS = 5_000;
    private static final int ROWS_PER_FETCH = 1_000;

    private static final Pattern TABLE = Pattern.compile("CREATE TABLE pg_temp\\.(\\w+)");

    private static final String EVENTS = "SELECT " + RecordedEvent.COLUMNS + """
             FROM ledger.events
             WHERE occurred_at <= coalesce(?::timestamptz, 'infinity')
             ORDER BY position
            """;

    private static final String CONTENTS = """
            SELECT count(*),
                   lpad(to_hex(mod(coalesce(sum(high::numeric), 0), 9223372036854775808)::bigint), 16, '0')
                || lpad(to_hex(mod(coalesce(sum(low::numeric), 0), 9223372036854775808)::bigint), 16, '0')
              FROM (SELECT ('x' || substr(hash, 1, 16))::bit(64)::bigint AS high,
                           ('x' || substr(hash, 17, 16))::bit(64)::bigint AS low
                      FROM (SELECT encode(sha256(convert_to(t::text, 'UTF8')), 'hex') AS hash FROM pg_temp.%s AS t)
                           AS hashed) AS halves
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
        String tables = generation.sql(view.tables());
        try (Statement statement = connection.createStatement()) {
            // A row's text has its times in the session's zone.
            statement.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO'");
            statement.execute(tables);
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
        Map<String, Contents> contents = new LinkedHashMap<>();
        for (String table :
                TABLE.matcher(tables).results().map(found -> found.group(1)).toList()) {
            contents.put(table.substring(0, table.lastIndexOf('_')), contents(table));
        }
        return new Filled(events, position, contents);
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

    private Contents contents(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CONTENTS.formatted(table))) {
            row.next();
            return new Contents(row.getLong(1), row.getString(2));
        }
    }
}

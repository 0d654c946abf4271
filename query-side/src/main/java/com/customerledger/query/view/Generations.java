package com.customerledger.query.view;

import com.customerledger.query.view.Generation.State;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry of generations in the database, and the making and dropping of their tables. */
final class Generations {

    /** A generation and how far it has come. */
    record At(Generation generation, long position) {}

    /** What the registry and the store say at one moment. */
    record Snapshot(long head, List<At> generations) {}

    /**
     * What a generation has yet to see.
     *
     * @param events how many events, counted up to 10,000
     * @param millis the age of the oldest
     */
    record Lag(long events, long millis) {}

    /**
     * What is special to a generation that is being filled.
     *
     * @param keys the statements that make its keys once they are needed
     * @param indexes the statements that make its indexes once it has caught up
     * @param maxP99Ms the time of commands to hold, in milliseconds, or null
     */
    record Build(
            List<String> keys,
            List<String> indexes,
            @Nullable Integer maxP99Ms) {

        private static Build of(List<String> deferred, @Nullable Integer maxP99Ms) {
            Map<Boolean, List<String>> parts =
                    deferred.stream().collect(Collectors.partitioningBy(statement -> statement.startsWith(ADD_KEY)));
            return new Build(parts.getOrDefault(true, List.of()), parts.getOrDefault(false, List.of()), maxP99Ms);
        }
    }

    /** How far a generation has come, and whether it has parked events. */
    record Kept(long position, boolean hasParked) {}

    // A unique index is part of what the view's statements rest on; any other one only makes reads quick.
    private static final Pattern DEFERRABLE = Pattern.compile("(?i)^CREATE\\s+INDEX\\s.*", Pattern.DOTALL);

    // The first of two numbers of every advisory lock of the read side; the second is the generation's id.
    private static final int LOCK_SPACE = 0x4C656447;

    private static final String ALL = """
            SELECT g.id, g.view, g.generation, g.revision, g.zone, g.state,
                   (SELECT p.position FROM views.positions p
                     WHERE p.generation_id = g.id ORDER BY p.position DESC LIMIT 1),
                   (SELECT max(e.position) FROM ledger.events e)
              FROM views.generations g
             ORDER BY g.view, g.generation
            """;

    private static final String LAG = """
            SELECT (SELECT count(*) FROM (SELECT FROM ledger.events WHERE position > ? LIMIT 10000) AS unseen),
                   (SELECT occurred_at FROM ledger.events WHERE position > ? ORDER BY position LIMIT 1)
            """;

    private static final String ONE = """
            SELECT g.id, g.view, g.generation, g.revision, g.zone, g.state,
                   (SELECT p.position FROM views.positions p
                     WHERE p.generation_id = g.id ORDER BY p.position DESC LIMIT 1)
              FROM views.generations g
             WHERE g.id = ?
            """;

    private static final String REGISTER_FIRST = """
            INSERT INTO views.generations (view, generation, revision, zone, state, tables)
            SELECT ?, 1, ?, ?, 'live', ?
             WHERE NOT EXISTS (SELECT FROM views.generations WHERE view = ?)
                ON CONFLICT DO NOTHING
            RETURNING id, generation
            """;

    private static final String REGISTER_NEXT = """
            INSERT INTO views.generations (view, generation, revision, zone, state, tables, max_p99_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            RETURNING id
            """;

    private static final String BUILD = """
            SELECT deferred, max_p99_ms
              FROM views.generations
             WHERE id = ?
            """;

    private static final String DEFER = """
            UPDATE views.generations
               SET deferred = ?
             WHERE id = ?
            """;

    private static final String ADD_KEY = "ALTER TABLE ";

    /** The SQLSTATE of a position that is not where it was left; see the function {@code ledger.refuse}. */
    private static final String MOVED = "LG003";

    private static final String KEYS = """
            SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
              FROM pg_constraint
             WHERE conrelid = ANY (?::regclass[]) AND contype IN ('p', 'u')
             ORDER BY conrelid, conname
            """;

    // What one large sort may take; the default of a server is meant for many at once.
    private static final String ROOM = "SET LOCAL maintenance_work_mem = '256MB'";

    private static final String TROUBLE = """
            UPDATE views.generations
               SET trouble = ?
             WHERE id = ?
               AND trouble IS DISTINCT FROM ?
            """;

    private static final String CHANGE_STATE = """
            UPDATE views.generations
               SET state = ?, state_since = clock_timestamp()
             WHERE id = ? AND state = ?
            """;

    private static final String NEXT_NUMBER = """
            SELECT max(generation) + 1
              FROM views.generations
             WHERE view = ?
            """;

    private static final String START = """
            INSERT INTO views.positions (generation_id, position)
            VALUES (?, 0)
            """;

    // ANALYZE reads 3,000 rows then and not 30,000, of tables that grow all day: every query is a walk along an index,
    // whatever the values. It reads as many as the one column wants that wants most, and an index's expression is one.
    private static final String SMALL_SAMPLES = """
            WITH tables AS MATERIALIZED (SELECT unnest(?::regclass[]) AS oid)
            SELECT format('ALTER TABLE %s %s', attrelid::regclass,
                          string_agg(format('ALTER %I SET STATISTICS 10', attname), ', '))
              FROM pg_attribute
             WHERE attrelid IN (SELECT oid FROM tables) AND attnum > 0 AND NOT attisdropped
             GROUP BY attrelid
             UNION ALL
            SELECT format('ALTER INDEX %s ALTER %s SET STATISTICS 10', indexrelid::regclass, attnum)
              FROM pg_index
              JOIN pg_attribute ON attrelid = indexrelid
             WHERE indrelid IN (SELECT oid FROM tables) AND indkey[attnum - 1] = 0
            """;

    // With the commit behind it: one request to the server ends a batch. Where the position is another, the server
    // passes over the commit.
    private static final String ADVANCE = """
            WITH passed AS (
                DELETE FROM views.positions WHERE generation_id = ? AND position = ? RETURNING *),
            advanced AS (
                INSERT INTO views.positions
                       (generation_id, position, applied, applied_hash, not_handled, not_handled_hash, parked,
                        parked_hash, discarded, discarded_hash, certified_from)
                SELECT generation_id, ?, applied + ?, applied_hash # ?, not_handled + ?, not_handled_hash # ?,
                       parked + ?, parked_hash # ?, discarded + ?, discarded_hash # ?, certified_from
                  FROM passed
                RETURNING 1)
            SELECT CASE WHEN count(*) = 0 THEN ledger.refuse('%s') END
              FROM advanced;
            COMMIT
            """.formatted(MOVED);

    private static final String POSITION = """
            SELECT p.position,
                   EXISTS (SELECT FROM views.letters l
                            WHERE l.generation_id = p.generation_id AND l.discarded_at IS NULL)
              FROM views.positions p
             WHERE p.generation_id = ?
             ORDER BY p.position DESC
             LIMIT 1
            """;

    private static final String OWN = """
            SELECT pg_try_advisory_lock(?, ?)
            """;

    private static final String OWNED = """
            SELECT EXISTS (
                   SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND granted AND objsubid = 2
                      AND classid::bigint = ? AND objid::bigint = ?
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """;

    private static final String TABLES = """
            SELECT tables
              FROM views.generations
             WHERE id = ? AND state = 'retired'
            """;

    private static final String REGISTERED_TABLES = """
            SELECT unnest(tables)
              FROM views.generations
             WHERE id = ?
            """;

    private static final String FORGET_POSITION = """
            DELETE FROM views.positions
             WHERE generation_id = ?
            """;

    private static final String FORGET_LETTERS = """
            DELETE FROM views.letters
             WHERE generation_id = ?
            """;

    private static final String FORGET = """
            DELETE FROM views.generations
             WHERE id = ?
            """;

    private Generations() {}

    /** Everything that is registered, and the store's newest position. */
    static Snapshot all(Connection connection) throws SQLException {
        List<At> generations = new ArrayList<>();
        long head = 0;
        try (PreparedStatement statement = connection.prepareStatement(ALL);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                generations.add(new At(generation(rows), rows.getLong(7)));
                head = rows.getLong(8);
            }
        }
        return new Snapshot(head, generations);
    }

    /** The generation as it is registered now, or null. */
    static @Nullable At one(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setInt(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new At(generation(row), row.getLong(7)) : null;
            }
        }
    }

    /** By the generations' ids, what they have yet to see; nothing of those that have seen everything. */
    static Map<Integer, Lag> lags(Connection connection, List<At> generations, long head) throws SQLException {
        Map<Integer, Lag> lags = new HashMap<>();
        for (At at : generations) {
            if (at.position() < head) {
                try (PreparedStatement statement = connection.prepareStatement(LAG)) {
                    statement.setLong(1, at.position());
                    statement.setLong(2, at.position());
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        long age = age(row.getObject(2, OffsetDateTime.class), Instant.now());
                        lags.put(at.generation().id(), new Lag(row.getLong(1), age));
                    }
                }
            }
        }
        return lags;
    }

    /** The age in milliseconds, at least 1, of an event that was not seen; 0 for none. */
    static long age(@Nullable OffsetDateTime unseen, Instant now) {
        return unseen == null
                ? 0
                : Math.max(1, Duration.between(unseen.toInstant(), now).toMillis());
    }

    /** The generation in the first six columns. */
    static Generation generation(ResultSet row) throws SQLException {
        return new Generation(
                row.getInt(1),
                row.getString(2),
                row.getInt(3),
                row.getInt(4),
                ZoneId.of(row.getString(5)),
                State.valueOf(row.getString(6).toUpperCase(Locale.ROOT)));
    }

    /**
     * Makes the first generation of a view that has none. The caller commits.
     *
     * @param view of several revisions the one to begin with
     */
    static void establish(Connection connection, View view, ZoneId zone) throws SQLException {
        String sql = Generation.sql(view.tables(), view.name(), 1);
        try (PreparedStatement statement = connection.prepareStatement(REGISTER_FIRST)) {
            statement.setString(1, view.name());
            statement.setInt(2, view.revision());
            statement.setString(3, zone.getId());
            statement.setArray(4, tables(connection, sql));
            statement.setString(5, view.name());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    make(connection, row.getInt(1), sql);
                }
            }
        }
    }

    /** Replaces a live generation by an empty one that is live at once. The caller owns it, and commits. */
    static void replace(Connection connection, Generation old, View view, ZoneId zone) throws SQLException {
        int number = nextNumber(connection, view.name());
        change(connection, old, State.RETIRED);
        String sql = Generation.sql(view.tables(), view.name(), number);
        register(connection, view, number, zone, State.LIVE, tables(connection, sql), null, sql);
    }

    /**
     * Makes an empty generation to be filled beside the live one. The caller commits.
     *
     * @param maxP99Ms the time of commands to hold while it is filled, in milliseconds, or null
     * @return its number
     */
    static int build(Connection connection, View view, ZoneId zone, @Nullable Integer maxP99Ms) throws SQLException {
        int number = nextNumber(connection, view.name());
        String sql = Generation.sql(view.tables(), view.name(), number);
        StringBuilder atOnce = new StringBuilder();
        List<String> deferred = new ArrayList<>();
        for (String statement : sql.split(";", -1)) {
            if (DEFERRABLE.matcher(statement.strip()).matches()) {
                deferred.add(statement.strip());
            } else {
                atOnce.append(statement).append(';');
            }
        }
        Array tables = tables(connection, sql);
        int id = register(connection, view, number, zone, State.BUILDING, tables, maxP99Ms, atOnce.toString());
        if (view.fillsWithoutKeys()) {
            deferred.addAll(0, takeKeys(connection, Generation.tablesMadeBy(sql)));
        }
        defer(connection, id, deferred);
        return number;
    }

    /** Drops the keys of tables; the statements that make them again. */
    private static List<String> takeKeys(Connection connection, List<String> tables) throws SQLException {
        List<String> add = new ArrayList<>();
        List<String> drop = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
            statement.setArray(1, array(connection, tables));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String table = ADD_KEY + rows.getString(1);
                    add.add(table + " ADD CONSTRAINT " + rows.getString(2) + " " + rows.getString(3));
                    drop.add(table + " DROP CONSTRAINT " + rows.getString(2));
                }
            }
        }
        execute(connection, drop);
        return add;
    }

    /** Keeps the statements for later, in place of those that were kept. */
    private static void defer(Connection connection, int id, List<String> deferred) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DEFER)) {
            statement.setArray(1, array(connection, deferred));
            statement.setInt(2, id);
            statement.executeUpdate();
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static int nextNumber(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT_NUMBER)) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static int register(
            Connection connection,
            View view,
            int number,
            ZoneId zone,
            State state,
            Array tables,
            @Nullable Integer maxP99Ms,
            String sql)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REGISTER_NEXT)) {
            statement.setString(1, view.name());
            statement.setInt(2, number);
            statement.setInt(3, view.revision());
            statement.setString(4, zone.getId());
            statement.setString(5, text(state));
            statement.setArray(6, tables);
            statement.setObject(7, maxP99Ms);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int id = row.getInt(1);
                make(connection, id, sql);
                return id;
            }
        }
    }

    /**
     * Moves the generation from the state that it is known in to another. The caller commits.
     *
     * @throws IllegalStateException when it is not in that state any more
     */
    static void change(Connection connection, Generation generation, State to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHANGE_STATE)) {
            statement.setString(1, text(to));
            statement.setInt(2, generation.id());
            statement.setString(3, text(generation.state()));
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException(generation + " is not " + text(generation.state()) + " any more");
            }
        }
    }

    static String text(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** What is special to a generation that is being filled. */
    static Build build(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BUILD)) {
            statement.setInt(1, id);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Build.of(List.of(), null);
                }
                return Build.of(List.of((String[]) row.getArray(1).getArray()), row.getObject(2, Integer.class));
            }
        }
    }

    /** Makes the keys that were deferred. The caller owns the generation, and commits. */
    static void makeKeys(Connection connection, Generation generation, Build build) throws SQLException {
        execute(connection, List.of(ROOM));
        execute(connection, build.keys());
        defer(connection, generation.id(), build.indexes());
    }

    /** Makes the indexes that were deferred. The caller owns the generation, and commits. */
    static void makeIndexes(Connection connection, Generation generation, Build build) throws SQLException {
        execute(connection, List.of(ROOM));
        execute(connection, build.indexes());
        takeSmallSamples(connection, array(connection, registeredTables(connection, generation)));
        defer(connection, generation.id(), List.of());
    }

    /** Notes why whoever fills the generation can't go on, for every process to see; null when it goes on. */
    static void note(Connection connection, Generation generation, @Nullable String trouble) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TROUBLE)) {
            statement.setString(1, trouble);
            statement.setInt(2, generation.id());
            statement.setString(3, trouble);
            statement.executeUpdate();
        }
    }

    private static void make(Connection connection, int id, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(START)) {
            statement.setInt(1, id);
            statement.executeUpdate();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        takeSmallSamples(connection, tables(connection, sql));
    }

    private static void takeSmallSamples(Connection connection, Array tables) throws SQLException {
        List<String> alter = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SMALL_SAMPLES)) {
            statement.setArray(1, tables);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    alter.add(rows.getString(1));
                }
            }
        }
        execute(connection, alter);
    }

    private static Array tables(Connection connection, String sql) throws SQLException {
        return array(connection, Generation.tablesMadeBy(sql));
    }

    private static Array array(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    /** The tables that the generation was made with. */
    static List<String> registeredTables(Connection connection, Generation generation) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(REGISTERED_TABLES)) {
            statement.setInt(1, generation.id());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
        }
        return tables;
    }

    /** Whether some session, of whichever process, owns the generation. */
    static boolean isOwned(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OWNED)) {
            statement.setInt(1, LOCK_SPACE);
            statement.setInt(2, id);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Makes this session the owner of the generation, for as long as it lives, unless another is. */
    static boolean own(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OWN)) {
            statement.setInt(1, LOCK_SPACE);
            statement.setInt(2, id);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /**
     * Moves the generation's position in the transaction of its writes, and commits it.
     *
     * @param certificate what became of the events in between, or of parked ones
     * @throws IllegalStateException when it was not where the caller left it, and nothing was committed
     */
    static void commit(Connection connection, Generation generation, long from, long to, Certificate certificate)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setInt(1, generation.id());
            statement.setLong(2, from);
            statement.setLong(3, to);
            int parameter = 4;
            for (Certificate.Kind kind : Certificate.Kind.values()) {
                statement.setLong(parameter++, certificate.of(kind).count());
                statement.setLong(parameter++, certificate.of(kind).hash());
            }
            statement.execute();
        } catch (SQLException refused) {
            if (MOVED.equals(refused.getSQLState())) {
                throw new IllegalStateException(generation + " is not at position " + from + " any more", refused);
            }
            throw refused;
        }
    }

    /** How far a generation has come; to 0 when it is forgotten. */
    static Kept kept(Connection connection, int generationId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(POSITION)) {
            statement.setInt(1, generationId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Kept(row.getLong(1), row.getBoolean(2)) : new Kept(0, false);
            }
        }
    }

    /**
     * Drops the tables of a retired generation and forgets it. The caller owns it, and commits.
     *
     * @return false when it is not retired, and nothing was done
     */
    static boolean drop(Connection connection, Generation generation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setInt(1, generation.id());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                drop(connection, (String[]) row.getArray(1).getArray());
            }
        }
        for (String forget : List.of(FORGET_POSITION, FORGET_LETTERS, FORGET)) {
            try (PreparedStatement statement = connection.prepareStatement(forget)) {
                statement.setInt(1, generation.id());
                statement.executeUpdate();
            }
        }
        return true;
    }

    private static void drop(Connection connection, String[] tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Readers that began before may still be there; the next attempt comes soon.
            statement.execute("SET LOCAL lock_timeout = '200ms'");
            for (String table : tables) {
                // With the SQL views that were made over it.
                statement.execute("DROP TABLE IF EXISTS " + table + " CASCADE");
            }
        }
    }
}

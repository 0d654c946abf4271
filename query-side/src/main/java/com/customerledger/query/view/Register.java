package com.customerledger.query.view;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The registry of generations as operators ask for it. */
final class Register {

    /**
     * A generation.
     *
     * @param seen how many events it has seen
     * @param isComplete whether it has all its indexes
     * @param trouble why it stands still, or null
     */
    record Entry(
            Generation generation,
            long position,
            long seen,
            boolean isComplete,
            @Nullable String trouble) {}

    private static final String ENTRIES = """
            SELECT g.id, g.view, g.generation, g.revision, g.zone, g.state, reached.position, reached.seen,
                   cardinality(g.deferred) = 0, g.trouble
              FROM views.generations g
              LEFT JOIN LATERAL (SELECT p.position, p.applied + p.not_handled + p.parked + p.discarded AS seen
                                   FROM views.positions p
                                  WHERE p.generation_id = g.id ORDER BY p.position DESC LIMIT 1) AS reached ON true
            """;

    private static final String ALL = ENTRIES + " ORDER BY g.view, g.generation";

    private static final String ONE = ENTRIES + " WHERE g.id = ?";

    private static final String OF_A_VIEW = ENTRIES + " WHERE g.view = ? ORDER BY g.generation FOR UPDATE OF g";

    private static final String LATEST_FORMER =
            ENTRIES + " WHERE g.view = ? AND g.state = 'former' ORDER BY g.state_since DESC LIMIT 1";

    private static final String HEAD = "SELECT max(position) FROM ledger.events";

    private static final String EVENTS = "SELECT count(*) FROM ledger.events WHERE position > ? AND position <= ?";

    private static final String HOLD =
            "SELECT generation_id, position FROM views.positions WHERE generation_id IN (?, ?) FOR UPDATE";

    private Register() {}

    /** Every generation of every view. */
    static List<Entry> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALL)) {
            return read(statement);
        }
    }

    /** The generation, or null when it is forgotten. */
    static @Nullable Entry one(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setInt(1, id);
            List<Entry> found = read(statement);
            return found.isEmpty() ? null : found.get(0);
        }
    }

    /** The generations of a view, which nobody else changes until the transaction ends. */
    static List<Entry> lock(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OF_A_VIEW)) {
            statement.setString(1, view);
            return read(statement);
        }
    }

    /** The generation that answered before the live one, or null. */
    static @Nullable Entry latestFormer(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LATEST_FORMER)) {
            statement.setString(1, view);
            List<Entry> found = read(statement);
            return found.isEmpty() ? null : found.get(0);
        }
    }

    private static List<Entry> read(PreparedStatement statement) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                entries.add(new Entry(
                        Generations.generation(rows),
                        rows.getLong(7),
                        rows.getLong(8),
                        rows.getBoolean(9),
                        rows.getString(10)));
            }
        }
        return entries;
    }

    /** The store's newest position, 0 for none. */
    static long head(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEAD);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** How many events stand behind the one position and not behind the other. */
    static long events(Connection connection, long from, long to) throws SQLException {
        if (from >= to) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setLong(1, from);
            statement.setLong(2, to);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Whether the one generation is as far as the other. When it is, both stay where they are until the transaction ends.
     * When one of them has just moved, this is not to be told and no is the answer.
     */
    static boolean isAsFar(Connection connection, Generation one, Generation other) throws SQLException {
        Map<Integer, Long> positions = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            statement.setInt(1, one.id());
            statement.setInt(2, other.id());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    positions.merge(rows.getInt(1), rows.getLong(2), Math::max);
                }
            }
        }
        Long first = positions.get(one.id());
        Long second = positions.get(other.id());
        return first != null && second != null && first >= second;
    }
}

package com.customerledger.query.tail;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The transactions that could own a number drawn so far. When all of them have ended, a statement that begins then sees
 * every transaction up to that number that will ever be seen. Not thread-safe.
 */
final class Barrier {

    // A writer has drawn its number when the sequence says so, and has held its lock since before that: so the sequence
    // is read first and the locks by a later statement.
    private static final String DRAWN = """
            SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END
              FROM ledger.transaction_number
            """;

    // Prepared transactions have no process and are found here too. Held locks only: who waits for its lock has not
    // drawn yet.
    private static final String WRITERS = """
            SELECT DISTINCT virtualtransaction
              FROM pg_locks
             WHERE locktype = 'relation'
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND relation = 'ledger.events'::regclass
               AND mode = 'RowExclusiveLock'
               AND granted
            """;

    private static final String STILL_WRITING = WRITERS + "   AND virtualtransaction = ANY (?)";

    private final long number;
    private List<String> writers;

    private Barrier(long number, List<String> writers) {
        this.number = number;
        this.writers = writers;
    }

    /** Takes down who writes now. */
    static Barrier raise(Connection connection) throws SQLException {
        long number;
        try (PreparedStatement statement = connection.prepareStatement(DRAWN);
                ResultSet row = statement.executeQuery()) {
            row.next();
            number = row.getLong(1);
        }
        try (PreparedStatement statement = connection.prepareStatement(WRITERS)) {
            return new Barrier(number, writers(statement));
        }
    }

    /** Looks who of them has ended since. */
    void look(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STILL_WRITING)) {
            Array before = connection.createArrayOf("text", writers.toArray());
            statement.setArray(1, before);
            writers = writers(statement);
            before.free();
        }
    }

    /** Whether all of them have ended. */
    boolean isDown() {
        return writers.isEmpty();
    }

    /** The highest number that had been drawn when they were taken down. */
    long number() {
        return number;
    }

    private static List<String> writers(PreparedStatement statement) throws SQLException {
        List<String> writers = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                writers.add(rows.getString(1));
            }
        }
        return writers;
    }
}

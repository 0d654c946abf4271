package com.customerledger.query.tail;

import com.customerledger.events.Positions;
import com.customerledger.query.database.BinaryRows;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Stored events behind a position, one after the other in order. Not thread-safe. */
interface EventRows extends AutoCloseable {

    /** The next one; null when there is none, or none that is read at once with the others. */
    @Nullable RecordedEvent next() throws SQLException;

    /** Whether there was nothing behind the last one. */
    boolean areAll();

    /** Leaves the connection to others. */
    @Override
    void close() throws SQLException;

    /** All of them, fetched as they are asked for: for the few that have come since a moment ago. */
    static EventRows selected(Connection connection, long behind) throws SQLException {
        return new Selected(connection, Selected.ALL, behind);
    }

    /**
     * So many of them and the rest of their last transaction, by a copy, which costs the server and this process less.
     *
     * @param countMax how many, without that rest
     */
    static EventRows copied(Connection connection, long behind, int countMax) throws SQLException {
        return new Copied(connection, behind, countMax);
    }

    /** Rows of a prepared statement. */
    final class Selected implements EventRows {

        // Without a limit, because a limit could split a transaction: rows are fetched as they are asked for.
        private static final String ALL = "SELECT " + RecordedEvent.COLUMNS + """
                 FROM ledger.events
                 WHERE position > ?
                 ORDER BY position
                """;

        private static final String BETWEEN = "SELECT " + RecordedEvent.COLUMNS + """
                 FROM ledger.events
                 WHERE position > ? AND position <= ?
                 ORDER BY position
                """;

        private static final int ROWS_PER_FETCH = 1_000;

        private final PreparedStatement statement;
        private final ResultSet rows;
        private boolean areAll;

        private Selected(Connection connection, String sql, long... bounds) throws SQLException {
            statement = connection.prepareStatement(sql);
            statement.setFetchSize(ROWS_PER_FETCH);
            for (int i = 0; i < bounds.length; i++) {
                statement.setLong(i + 1, bounds[i]);
            }
            rows = statement.executeQuery();
        }

        @Override
        public @Nullable RecordedEvent next() throws SQLException {
            if (rows.next()) {
                return RecordedEvent.read(rows);
            }
            areAll = true;
            return null;
        }

        @Override
        public boolean areAll() {
            return areAll;
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }

    /** Rows of a copy. */
    final class Copied implements EventRows {

        private static final String SQL = "COPY (SELECT " + RecordedEvent.COLUMNS + """
                 FROM ledger.events
                 WHERE position > %d
                 ORDER BY position
                 LIMIT %d) TO STDOUT (FORMAT binary)
                """;

        private final Connection connection;
        private final int countMax;
        private final CopyOut copy;
        private final BinaryRows rows;
        private long last;
        private int count;
        private @Nullable EventRows rest;

        private Copied(Connection connection, long behind, int countMax) throws SQLException {
            this.connection = connection;
            this.countMax = countMax;
            this.last = behind;
            this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(SQL.formatted(behind, countMax));
            this.rows = new BinaryRows(copy);
        }

        @Override
        public @Nullable RecordedEvent next() throws SQLException {
            ByteBuffer row = rest == null ? rows.next() : null;
            if (row != null) {
                RecordedEvent event = RecordedEvent.read(row);
                last = event.position();
                count++;
                return event;
            }
            if (count < countMax) {
                return null;
            }
            if (rest == null) {
                long end = Positions.of(Positions.transaction(last), Positions.EVENTS_PER_TRANSACTION_MAX - 1);
                rest = new Selected(connection, Selected.BETWEEN, last, end);
            }
            return rest.next();
        }

        @Override
        public boolean areAll() {
            return count < countMax;
        }

        @Override
        public void close() throws SQLException {
            if (rest != null) {
                rest.close();
            }
            while (copy.isActive()) {
                copy.readFromCopy();
            }
        }
    }
}

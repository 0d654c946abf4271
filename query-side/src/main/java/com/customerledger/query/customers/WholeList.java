package com.customerledger.query.customers;

import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.query.ListReader;
import com.customerledger.query.database.BinaryRows;
import com.customerledger.query.database.QueryDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams a whole list: one statement, so one moment; each record's bytes go from the database's socket to the reader
 * as they are, one at a time, and the database waits while the reader does. Thread-safe.
 */
final class WholeList {

    private static final Logger LOG = LoggerFactory.getLogger(WholeList.class);

    /** How much of a list that was given up is read to its end, rather than its connection thrown away. */
    private static final long DRAINED_BYTES_MAX = 16 << 20;

    private static final String QUERY_CANCELED = "57014";

    private final QueryDatabase database;
    private final CustomerJson json;
    private final Duration durationMax;

    WholeList(QueryDatabase database, CustomerJson json, Duration durationMax) {
        this.database = database;
        this.json = json;
        this.durationMax = durationMax;
    }

    /** Makes the statement, on the connection whose way of quoting it needs. */
    @FunctionalInterface
    interface Statement {
        String sql(PGConnection connection) throws SQLException;
    }

    /**
     * Streams what the statement selects.
     *
     * @param statement selects the record and, where records are to have it, its version; of a moment the columns of a
     *     {@link Version}
     * @param ofMoment whether it is the list of a moment, of which each record is made out
     * @throws SQLException before the reader has begun
     * @throws IOException from the reader; and when the database or the time ends the stream
     */
    void stream(Statement statement, boolean ofMoment, boolean withVersions, long lagMillis, ListReader reader)
            throws SQLException, IOException {
        try (Connection connection = database.stream()) {
            try {
                stream(connection, statement, ofMoment, withVersions, lagMillis, reader);
            } catch (SQLException e) {
                // The pool does not see what happens to a copy, and would lend a lost connection again and again.
                database.evict(connection);
                throw e;
            } catch (IOException e) {
                if (e.getCause() instanceof SQLException) {
                    database.evict(connection);
                }
                throw e;
            }
        }
    }

    private void stream(
            Connection connection,
            Statement statement,
            boolean ofMoment,
            boolean withVersions,
            long lagMillis,
            ListReader reader)
            throws SQLException, IOException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        CopyOut copy =
                postgres.getCopyAPI().copyOut("COPY (" + statement.sql(postgres) + ") TO STDOUT (FORMAT binary)");
        try {
            BinaryRows rows = new BinaryRows(copy);
            // What can fail in the query fails with its first row, while it can still be answered as an error.
            ByteBuffer first = rows.next();
            reader.begin(lagMillis);
            pump(rows, first, ofMoment, withVersions, reader);
        } finally {
            end(copy, connection);
        }
    }

    private void pump(
            BinaryRows rows, @Nullable ByteBuffer first, boolean ofMoment, boolean withVersions, ListReader reader)
            throws IOException {
        long deadlineNanos = System.nanoTime() + durationMax.toNanos();
        VersionedRecord versioned = new VersionedRecord();
        ByteBuffer row = first;
        while (row != null) {
            byte[] record;
            int offset;
            int length;
            int version;
            if (ofMoment) {
                CustomerRecord customer = Version.read(row, json);
                record = json.bytes(customer);
                offset = 0;
                length = record.length;
                version = customer.version();
            } else {
                record = row.array();
                length = row.getInt();
                offset = row.arrayOffset() + row.position();
                row.position(row.position() + length);
                version = withVersions ? BinaryRows.integer(row) : 0;
            }
            if (withVersions) {
                versioned.set(version, record, offset, length);
                reader.record(versioned.bytes(), 0, versioned.length());
            } else {
                reader.record(record, offset, length);
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IOException("the list took longer than " + durationMax);
            }
            try {
                row = rows.next();
            } catch (SQLException e) {
                throw new IOException("the database ended the list", e);
            }
        }
    }

    /** Leaves the connection fit for the next stream, or throws it away. */
    private void end(CopyOut copy, Connection connection) {
        if (!copy.isActive()) {
            return;
        }
        boolean fit = false;
        try {
            // Not CopyOut.cancelCopy, which leaves rows behind that the next statement then stumbles over.
            connection.unwrap(PGConnection.class).cancelQuery();
            drain(copy);
            fit = true;
        } catch (SQLException e) {
            fit = QUERY_CANCELED.equals(e.getSQLState());
            LOG.debug("a list that was given up", e);
        }
        if (!fit || copy.isActive()) {
            database.evict(connection);
        }
    }

    /** Reads what was under way when the query was cancelled; the cancellation itself comes as an error behind it. */
    private static void drain(CopyOut copy) throws SQLException {
        long bytes = 0;
        byte[] received = copy.readFromCopy();
        while (received != null && bytes < DRAINED_BYTES_MAX) {
            bytes += received.length;
            received = copy.readFromCopy();
        }
    }

    /** A record with its version as the first member. Not thread-safe. */
    static final class VersionedRecord {

        private static final byte[] NAME = "{\"version\":".getBytes(StandardCharsets.US_ASCII);

        private ByteBuffer buffer = ByteBuffer.allocate(1_024);

        /** The record is an object with at least one member. */
        void set(int version, byte[] record, int offset, int length) {
            byte[] number = Integer.toString(version).getBytes(StandardCharsets.US_ASCII);
            int needed = NAME.length + number.length + length;
            if (buffer.capacity() < needed) {
                buffer = ByteBuffer.allocate(needed * 2);
            }
            buffer.clear();
            buffer.put(NAME).put(number).put((byte) ',').put(record, offset + 1, length - 1);
        }

        byte[] bytes() {
            return buffer.array();
        }

        int length() {
            return buffer.position();
        }
    }
}

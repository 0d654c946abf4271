package com.customerledger.benchmarks.system;

import com.customerledger.events.Ids;
import com.customerledger.events.Positions;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.stage.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/**
 * What PostgreSQL alone takes for the least that has to be done, over JDBC and the same loopback: the bytes of a real event
 * of this run into a table with the columns and indexes of the ledger's. Thread-safe.
 */
final class Floor {

    private static final String SCHEMA = "CREATE SCHEMA IF NOT EXISTS bench";

    private static final String TABLE = """
            DROP TABLE IF EXISTS bench.events;
            CREATE TABLE bench.events (LIKE ledger.events INCLUDING ALL);
            """;

    private static final String NEWEST = """
            SELECT type, revision, payload, metadata
              FROM ledger.events
             WHERE type = ?
             ORDER BY position DESC
             LIMIT 1
            """;

    private static final String INSERT = """
            INSERT INTO bench.events (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String STREAM = """
            SELECT position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata
              FROM bench.events
             WHERE aggregate_id = ?
             ORDER BY sequence
            """;

    /** So many customers a connection updates in turn. */
    private static final int OWN = 100;

    private final LedgerDatabase database;
    private final String type;
    private final short revision;
    private final String payload;
    private final String metadata;
    private final AtomicLong transactions = new AtomicLong();

    private Floor(LedgerDatabase database, String type, short revision, String payload, String metadata) {
        this.database = database;
        this.type = type;
        this.revision = revision;
        this.payload = payload;
        this.metadata = metadata;
    }

    /** Makes a schema where both roles may have tables. */
    static void makeRoom(LedgerDatabase database) throws SQLException {
        try (Connection connection = Stage.connect(database, database.owner());
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            String application = database.application().user();
            statement.execute("GRANT USAGE, CREATE ON SCHEMA bench TO "
                    + connection.unwrap(PGConnection.class).escapeIdentifier(application));
        }
    }

    /** Makes the table anew, and takes the newest event of that type for what is written to it. */
    static Floor on(LedgerDatabase database, String eventType) throws SQLException {
        makeRoom(database);
        try (Connection connection = Stage.connect(database, database.owner());
                Statement statement = connection.createStatement();
                PreparedStatement newest = connection.prepareStatement(NEWEST)) {
            statement.execute(TABLE);
            newest.setString(1, eventType);
            try (ResultSet row = newest.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("no event is of the type " + eventType);
                }
                return new Floor(database, row.getString(1), row.getShort(2), row.getString(3), row.getString(4));
            }
        }
    }

    /** One row a commit. */
    Loop.Opening inserts() {
        return connection -> new Inserts(open());
    }

    /** The rows of one customer read by its id, and one more added, in one transaction. */
    Loop.Opening updates() {
        return connection -> new Updates(open());
    }

    /** So many rows by one COPY, in one transaction. */
    Loop.Opening copies(int rows) {
        return connection -> new Loop.Turn() {
            private final Connection own = open();

            @Override
            public boolean run() throws SQLException, IOException {
                copy(own, rows);
                return true;
            }

            @Override
            public void close() throws SQLException {
                own.close();
            }
        };
    }

    private Connection open() throws SQLException {
        return Stage.connect(database, database.owner());
    }

    private void insert(PreparedStatement insert, String customerId, int sequence) throws SQLException {
        insert.setLong(1, Positions.of(transactions.incrementAndGet(), 0));
        insert.setObject(2, UUID.randomUUID());
        insert.setString(3, customerId);
        insert.setInt(4, sequence);
        insert.setString(5, type);
        insert.setShort(6, revision);
        insert.setObject(7, OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC));
        insert.setString(8, payload);
        insert.setString(9, metadata);
        insert.executeUpdate();
    }

    private final class Inserts implements Loop.Turn {

        private final Connection connection;
        private final PreparedStatement insert;

        Inserts(Connection connection) throws SQLException {
            this.connection = connection;
            this.insert = connection.prepareStatement(INSERT);
        }

        @Override
        public boolean run() throws SQLException {
            insert(insert, Ids.customer(), 0);
            return true;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private final class Updates implements Loop.Turn {

        private final Connection connection;
        private final PreparedStatement stream;
        private final PreparedStatement insert;
        private final List<String> own = new ArrayList<>();
        private int next;

        Updates(Connection connection) throws SQLException {
            this.connection = connection;
            this.stream = connection.prepareStatement(STREAM);
            this.insert = connection.prepareStatement(INSERT);
            connection.setAutoCommit(false);
            for (int i = 0; i < OWN; i++) {
                String id = Ids.customer();
                insert(insert, id, 0);
                own.add(id);
            }
            connection.commit();
        }

        @Override
        public boolean run() throws SQLException {
            String id = own.get(next++ % OWN);
            stream.setString(1, id);
            int sequence = 0;
            try (ResultSet rows = stream.executeQuery()) {
                while (rows.next()) {
                    sequence = rows.getInt(4) + 1;
                    // A customer that has changed for a whole run is none that a merchant has.
                }
            }
            insert(insert, id, sequence);
            connection.commit();
            if (sequence >= OWN / 10) {
                own.set((next - 1) % OWN, fresh());
            }
            return true;
        }

        private String fresh() throws SQLException {
            String id = Ids.customer();
            insert(insert, id, 0);
            connection.commit();
            return id;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** So many rows by one COPY; how long it took. */
    Duration copyOnce(int rows) throws SQLException, IOException {
        try (Connection connection = open()) {
            long start = System.nanoTime();
            copy(connection, rows);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private void copy(Connection connection, int rows) throws SQLException, IOException {
        long transaction = transactions.incrementAndGet();
        // More than a transaction of the ledger's may have take further numbers.
        String end = "\t0\t" + type + "\t" + revision + "\t"
                + OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC) + "\t" + escaped(payload) + "\t"
                + escaped(metadata) + "\n";
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY bench.events FROM STDIN");
        try {
            StringBuilder part = new StringBuilder();
            for (int i = 0; i < rows; i++) {
                int place = i % Positions.EVENTS_PER_TRANSACTION_MAX;
                if (place == 0 && i > 0) {
                    transaction = transactions.incrementAndGet();
                }
                part.append(Positions.of(transaction, place)).append('\t').append(UUID.randomUUID());
                part.append('\t').append(Ids.customer()).append(end);
                if (part.length() > 1 << 16 || i == rows - 1) {
                    byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
                    copy.writeToCopy(bytes, 0, bytes.length);
                    part.setLength(0);
                }
            }
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    /**
     * Copies what a query gives to nowhere.
     *
     * @return how many bytes it was
     */
    static long copyOut(Connection connection, String query) throws SQLException, IOException {
        Counted nowhere = new Counted();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + query + ") TO STDOUT", nowhere);
        return nowhere.bytes;
    }

    private static final class Counted extends OutputStream {

        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            bytes += length;
        }
    }

    /**
     * SQL by which a row of the list or of the versions is found.
     *
     * @param id SQL for the customer's id, which comes twice
     */
    static String whereCustomer(String id) {
        return " WHERE created_at = (SELECT occurred_at FROM ledger.events WHERE aggregate_id = " + id
                + " AND sequence = 0) AND customer_id = " + id;
    }

    /** The name of the live generation's table of a view. */
    static String live(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT generation FROM views.generations WHERE view = ? AND state = 'live'")) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the view " + view + " has no live generation");
                }
                return "views." + view + "_" + row.getInt(1);
            }
        }
    }

    /** The merchant whose key begins with that, as the ledger names it in its own tables. */
    static String merchantId(Connection connection, String credentials) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT merchant_id FROM gateway.api_keys WHERE api_key = ?")) {
            statement.setString(1, credentials.substring(0, credentials.indexOf(':')));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("there is no such key");
                }
                return row.getString(1);
            }
        }
    }
}

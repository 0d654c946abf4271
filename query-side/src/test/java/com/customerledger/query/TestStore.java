package com.customerledger.query;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerRestored;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
import com.customerledger.events.Personal;
import com.customerledger.events.Positions;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** An event store of its own on a real database, and writers that append to it as the write side does. */
public final class TestStore {

    public static final String MERCHANT = "mer_one";

    public static final Instant START = Instant.parse("2026-03-01T10:00:00.000001Z");

    private static final EventMetadata METADATA = new EventMetadata("key_one", "req_one", null);

    private final LedgerDatabase database;
    private final Map<String, Integer> sequences = new ConcurrentHashMap<>();

    public TestStore() {
        this(TestPostgres.newDatabase());
    }

    /** A store in an empty database. */
    public TestStore(DatabaseAccess access) {
        this.database = new LedgerDatabase(
                access.jdbcUrl(),
                new Role(access.owner().user(), access.owner().password()),
                new Role(access.application().user(), access.application().password()),
                false);
        Flyway.configure()
                .dataSource(
                        database.url(),
                        database.owner().user(),
                        database.owner().password())
                .schemas("ledger")
                .locations("classpath:db/ledger")
                .placeholders(Map.of("application_role", database.application().user()))
                .load()
                .migrate();
    }

    /** The store that another process has made. */
    public TestStore(LedgerDatabase database) {
        this.database = database;
    }

    public LedgerDatabase database() {
        return database;
    }

    /** A connection of the application's role. */
    public Connection connect() throws SQLException {
        return connect(database.application());
    }

    public Connection connectAsOwner() throws SQLException {
        return connect(database.owner());
    }

    private Connection connect(Role role) throws SQLException {
        return DriverManager.getConnection(database.url(), role.user(), role.password());
    }

    /** Appends the events in one transaction. */
    public void append(LedgerEvent... events) {
        try (Writer writer = new Writer()) {
            writer.append(List.of(events));
            writer.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Burns numbers as transactions do that are rolled back. */
    public void burnNumbers(int count) throws SQLException {
        execute("SELECT count(nextval('ledger.transaction_number')) FROM generate_series(1, " + count + ")");
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of every row, as text. */
    public List<@Nullable String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<@Nullable String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /** One transaction that appends. */
    public final class Writer implements AutoCloseable {

        private final Connection connection;
        private final int backend;

        public Writer() throws SQLException {
            this.connection = connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
                row.next();
                this.backend = row.getInt(1);
            }
        }

        /** Takes the lock and the number, as a writer does, and appends. */
        public long append(List<? extends LedgerEvent> events) throws SQLException {
            long number;
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE ledger.events IN ROW EXCLUSIVE MODE");
                try (ResultSet row = statement.executeQuery("SELECT nextval('ledger.transaction_number')")) {
                    row.next();
                    number = row.getLong(1);
                }
            }
            try (PreparedStatement statement = connection.prepareStatement("""
                    INSERT INTO ledger.events
                           (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)) {
                for (int i = 0; i < events.size(); i++) {
                    LedgerEvent event = events.get(i);
                    statement.setLong(1, Positions.of(number, i));
                    statement.setObject(2, UUID.randomUUID());
                    statement.setString(3, event.customerId());
                    statement.setInt(4, sequences.merge(event.customerId(), 0, (before, zero) -> before + 1));
                    statement.setString(5, EventCodec.type(event));
                    statement.setInt(6, EventCodec.revision(event));
                    statement.setObject(7, OffsetDateTime.ofInstant(event.at(), ZoneOffset.UTC));
                    statement.setString(8, EventCodec.payload(event));
                    statement.setString(9, EventCodec.metadata(METADATA));
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            return number;
        }

        /** Appends, behind those of this transaction, an event of a type that nobody knows. */
        public void appendOfType(String type, String customer) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement("""
                    INSERT INTO ledger.events
                           (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata)
                    SELECT max(position) + 1, gen_random_uuid(), ?, 1000, ?, 1, now(), '{}', '{}' FROM ledger.events
                    """)) {
                statement.setString(1, customer);
                statement.setString(2, type);
                statement.executeUpdate();
            }
        }

        /** Keeps the transaction open for so long. */
        public void linger(int millis) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(" + millis + " / 1000.0)");
            }
        }

        public void commit() throws SQLException {
            connection.commit();
        }

        public void rollback() throws SQLException {
            connection.rollback();
        }

        /** The process that serves this writer. */
        public int backend() {
            return backend;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    public static CustomerCreated created(String id, Instant at, String reference) {
        return created(MERCHANT, id, at, reference);
    }

    public static CustomerCreated created(String merchant, String id, Instant at, String reference) {
        FieldChanges fields = FieldChanges.none()
                .with(CustomerField.REFERENCE, reference)
                .with(CustomerField.COMPANY_NAME, "Meteor \"Ltd\" \\ Ünïcode 🚀")
                .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id());
        return new CustomerCreated(id, merchant, at, new Personal(fields, null, null));
    }

    public static CustomerUpdated updated(String id, Instant at, CustomerField field, @Nullable Object value) {
        return new CustomerUpdated(
                id, MERCHANT, at, new Personal(FieldChanges.none().with(field, value), "Thandi", null));
    }

    public static CustomerArchived archived(String id, Instant at) {
        return new CustomerArchived(id, MERCHANT, at, false, new Personal(FieldChanges.none(), null, null));
    }

    public static CustomerRestored restored(String id, Instant at) {
        FieldChanges status = FieldChanges.none().with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id());
        return new CustomerRestored(id, MERCHANT, at, new Personal(status, null, null));
    }

    public static PaymentStarted started(String id, Instant at, String payment, PaymentMethod method, int version) {
        return new PaymentStarted(
                id, MERCHANT, at, payment, method, version, new Personal(FieldChanges.none(), null, null));
    }

    public static PaymentStopped stopped(String id, Instant at, String payment) {
        return new PaymentStopped(id, MERCHANT, at, payment, new Personal(FieldChanges.none(), null, null));
    }
}

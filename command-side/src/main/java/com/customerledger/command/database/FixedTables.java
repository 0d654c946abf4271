package com.customerledger.command.database;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.database.LedgerDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write side's schema {@code ledger}: made at the start, and checked to be what the ledger's promises rest on. While
 * the database can't be reached this is tried again in the background, and writes are refused meanwhile. Thread-safe.
 */
public final class FixedTables implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FixedTables.class);
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
    private static final Duration SKEW_WARNED_FROM = Duration.ofSeconds(1);
    private static final Duration SKEW_LOOKED_AT_EVERY = Duration.ofMinutes(1);
    private static final int VERSION_MIN = 15;
    private static final int VERSION_MAX = 18;

    private final LedgerDatabase database;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean ready;
    private volatile @Nullable Thread background;

    FixedTables(LedgerDatabase database) {
        this.database = database;
    }

    /**
     * Makes and checks the schema; returns without it when the database can't be reached, and goes on trying.
     *
     * @throws IllegalStateException when the database is not one that the ledger can be kept in
     */
    public void make() {
        try {
            makeNow();
        } catch (SQLException | RuntimeException e) {
            if (!unreachable(e)) {
                throw e instanceof RuntimeException unchecked
                        ? unchecked
                        : new IllegalStateException("the schema ledger could not be made", e);
            }
            LOG.warn("The database can't be reached; trying again every {} s", RETRY_EVERY.toSeconds());
        }
        Thread thread = new Thread(this::watch, "ledger-database-watch");
        thread.setDaemon(true);
        background = thread;
        thread.start();
    }

    /**
     * Refuses to go on while the schema has not been made.
     *
     * @throws UnavailableException until the database was reached for the first time
     */
    public void require() {
        if (!ready) {
            throw new UnavailableException("the database has not been reached since the start", null);
        }
    }

    /** Whether the schema has been made: whether {@link #require} lets go on. */
    public boolean ready() {
        return ready;
    }

    private void watch() {
        while (!closed(ready ? SKEW_LOOKED_AT_EVERY : RETRY_EVERY)) {
            try {
                if (ready) {
                    try (Connection connection = connect(database.application())) {
                        warnOfSkew(connection);
                    }
                } else {
                    makeNow();
                    LOG.info("The database is reached");
                }
            } catch (SQLException | RuntimeException e) {
                if (!unreachable(e)) {
                    LOG.error("The database is not one that the ledger can be kept in", e);
                }
            }
        }
    }

    private boolean closed(Duration wait) {
        try {
            return closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void makeNow() throws SQLException {
        try (Connection connection = connect(database.owner())) {
            checkServer(connection);
        }
        Flyway.configure()
                .dataSource(
                        database.url(),
                        database.owner().user(),
                        database.owner().password())
                .locations("classpath:db/ledger")
                .schemas("ledger")
                .defaultSchema("ledger")
                .placeholders(Map.of("application_role", database.application().user()))
                .load()
                .migrate();
        try (Connection connection = connect(database.application())) {
            checkSequence(connection);
            checkPrivileges(connection);
            warnOfSkew(connection);
        }
        ready = true;
    }

    private Connection connect(LedgerDatabase.Role role) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role.user());
        properties.setProperty("password", role.password());
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("ApplicationName", "ledger-start");
        return DriverManager.getConnection(database.url(), properties);
    }

    private static void checkServer(Connection connection) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < VERSION_MIN || version > VERSION_MAX) {
            throw new IllegalStateException("The database is PostgreSQL " + version + "; the ledger needs "
                    + VERSION_MIN + " to " + VERSION_MAX);
        }
        String encoding = text(connection, "SHOW server_encoding");
        if (!"UTF8".equals(encoding)) {
            throw new IllegalStateException("The database's encoding is " + encoding + "; the ledger needs UTF8");
        }
    }

    private static void checkSequence(Connection connection) throws SQLException {
        String sequence = text(connection, """
                SELECT cache_size || ' ' || increment_by || ' ' || cycle
                  FROM pg_sequences
                 WHERE schemaname = 'ledger' AND sequencename = 'transaction_number'
                """);
        if (!"1 1 false".equals(sequence)) {
            throw new IllegalStateException(
                    "The sequence ledger.transaction_number must have CACHE 1, INCREMENT 1 and NO"
                            + " CYCLE: with others readers would skip events silently");
        }
    }

    /** The application's role owns nothing of the event table, unless it is the only role that there is. */
    private void checkPrivileges(Connection connection) throws SQLException {
        if (database.owner().user().equals(database.application().user())) {
            return;
        }
        String more = text(connection, """
                SELECT has_table_privilege('ledger.events', 'UPDATE, DELETE, TRUNCATE, TRIGGER')
                """);
        if (!"f".equals(more)) {
            throw new IllegalStateException("The application's role may change stored events; it must have SELECT and"
                    + " INSERT on ledger.events only");
        }
    }

    private static void warnOfSkew(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            Duration skew = Duration.between(row.getTimestamp(1).toInstant(), Instant.now())
                    .abs();
            if (skew.compareTo(SKEW_WARNED_FROM) > 0) {
                LOG.warn("This node's clock and the database's are {} ms apart", skew.toMillis());
            }
        }
    }

    private static @Nullable String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static boolean unreachable(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
            }
        }
        return false;
    }

    @Override
    public void close() {
        closing.countDown();
        Thread thread = background;
        if (thread != null) {
            thread.interrupt();
        }
    }
}

package com.customerledger.gateway.health;

import com.customerledger.events.database.LedgerDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Asks the database whether it is there and can be written to, on a connection of its own: a pool without a free
 * connection is load, and no reason to be taken out of service. Thread-safe.
 */
final class DatabaseProbe implements HealthIndicator, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseProbe.class);

    private static final String CONNECT_TIMEOUT_S = "2";
    private static final String ANSWER_TIMEOUT_S = "3";

    private final LedgerDatabase database;
    private @Nullable Connection connection;
    private @Nullable String reasonBefore;

    DatabaseProbe(LedgerDatabase database) {
        this.database = database;
    }

    @Override
    public synchronized Health health() {
        String reason = reasonNotToWrite();
        // Told when it changes: health is asked for all the time.
        if (!Objects.equals(reason, reasonBefore)) {
            if (reason == null) {
                LOG.info("The database answers again");
            } else {
                LOG.warn("The database is not to be used: {}", reason);
            }
            reasonBefore = reason;
        }
        Health.Builder health = reason == null ? Health.up() : Health.down().withDetail("reason", reason);
        return health.withDetail("embedded", database.embedded()).build();
    }

    private @Nullable String reasonNotToWrite() {
        // A connection that is known may have died with a server that has been back for long: then another is tried.
        int attempts = connection == null ? 1 : 2;
        while (true) {
            try {
                return writable() ? null : "the server is read-only";
            } catch (SQLException failure) {
                discard(failure);
                attempts--;
                if (attempts == 0) {
                    return "it does not answer (SQLSTATE " + failure.getSQLState() + ")";
                }
            }
        }
    }

    private void discard(SQLException because) {
        try {
            close();
        } catch (SQLException failure) {
            because.addSuppressed(failure);
        }
    }

    private boolean writable() throws SQLException {
        if (connection == null) {
            Properties properties = new Properties();
            properties.setProperty("user", database.application().user());
            properties.setProperty("password", database.application().password());
            properties.setProperty("ApplicationName", "customer-ledger health");
            properties.setProperty("connectTimeout", CONNECT_TIMEOUT_S);
            properties.setProperty("socketTimeout", ANSWER_TIMEOUT_S);
            connection = DriverManager.getConnection(database.url(), properties);
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::boolean")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}

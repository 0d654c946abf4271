package com.customerledger.gateway.health;

import com.customerledger.events.database.LedgerDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Asks the database whether it is there and can be written to, on a connection of its own: a pool without a free
 * connection is load, and no reason to be taken out of service. Thread-safe.
 */
final class DatabaseProbe extends AbstractHealthIndicator implements AutoCloseable {

    private static final String CONNECT_TIMEOUT_S = "2";
    private static final String ANSWER_TIMEOUT_S = "3";

    private final LedgerDatabase database;
    private @Nullable Connection connection;

    DatabaseProbe(LedgerDatabase database) {
        super("The database does not answer");
        this.database = database;
    }

    @Override
    protected synchronized void doHealthCheck(Health.Builder health) throws SQLException {
        health.withDetail("embedded", database.embedded());
        boolean known = connection != null;
        boolean writable;
        try {
            writable = writable();
        } catch (SQLException broken) {
            close();
            if (!known) {
                throw broken;
            }
            // The old connection may have died with a server that has been back for long.
            try {
                writable = writable();
            } catch (SQLException again) {
                close();
                again.addSuppressed(broken);
                throw again;
            }
        }
        if (writable) {
            health.up();
        } else {
            health.down().withDetail("reason", "the server is read-only");
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

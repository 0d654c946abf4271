package com.customerledger.command.store;

import com.customerledger.events.database.LedgerDatabase;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Makes the pool of the write side's connections. */
public final class WritePool {

    private static final int CONNECT_TIMEOUT_SECONDS = 3;

    private WritePool() {}

    /**
     * Opens the pool; it does not wait for a database that is down.
     *
     * @param connectionsMax how many connections it has at the most
     * @param waitMaxMs how long a caller waits for one, in milliseconds
     * @param transactionMaxMs the database's own bound, in milliseconds, of a statement, of the wait for a lock, and of
     *     a transaction that stands still, as when the process is suspended
     */
    public static HikariDataSource open(
            LedgerDatabase database, int connectionsMax, long waitMaxMs, long transactionMaxMs) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("ledger-write");
        config.setJdbcUrl(database.url());
        config.setUsername(database.application().user());
        config.setPassword(database.application().password());
        config.setMaximumPoolSize(connectionsMax);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(waitMaxMs);
        config.setValidationTimeout(Math.min(waitMaxMs, 1_000));
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        config.addDataSourceProperty("ApplicationName", "ledger-write");
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        config.addDataSourceProperty("tcpKeepAlive", true);
        config.addDataSourceProperty("logServerErrorDetail", false);
        config.addDataSourceProperty(
                "options",
                "-c statement_timeout=%1$d -c lock_timeout=%1$d -c idle_in_transaction_session_timeout=%1$d"
                                .formatted(transactionMaxMs)
                        + " -c client_connection_check_interval=100");
        return new HikariDataSource(config);
    }
}

package com.customerledger.command.store;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.SessionMemory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Properties;

/** Makes the pool of the write side's connections. */
public final class WritePool {

    private static final String CONNECT_TIMEOUT_SECONDS = "3";
    private static final String ANSWER_TIMEOUT_SECONDS = "5";

    /** Longer than PostgreSQL's deadlock_timeout of 1 s: a deadlock is to be found, and tried again, before. */
    private static final int LOCK_TIMEOUT_MILLIS = 1_500;

    private static final int STATEMENT_TIMEOUT_MILLIS = 2_000;

    /** So that a batch is one call, which wakes the server once, and not one for each 8 kB. */
    private static final String SEND_BUFFER_BYTES = "262144";

    private WritePool() {}

    /**
     * Opens the pool; it does not wait for a database that is down.
     *
     * @param connectionsMax how many connections it has at the most
     * @param waitMaxMs how long a caller waits for one, in milliseconds
     * @param transactionMaxMs how long, in milliseconds, the database lets a transaction stand still, as when the
     *     process is suspended
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
        // Said once for each connection: asked of a transaction, it is a question to the server each time.
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setConnectionInitSql(SessionMemory.KEEP);
        config.setDataSourceProperties(properties(transactionMaxMs));
        return new HikariDataSource(config);
    }

    private static Properties properties(long transactionMaxMs) {
        // Texts only: the driver overlooks every other value without a word.
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "ledger-write");
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        // Longer than any statement may take: past it the server, or the way to it, is gone without a word.
        properties.setProperty("socketTimeout", ANSWER_TIMEOUT_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("maxSendBufferSize", SEND_BUFFER_BYTES);
        properties.setProperty(
                "options",
                "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
                                .formatted(STATEMENT_TIMEOUT_MILLIS, LOCK_TIMEOUT_MILLIS, transactionMaxMs)
                        // Every statement is a walk along an index, whatever its values: planning it again costs more
                        // than it takes.
                        + " -c plan_cache_mode=force_generic_plan"
                        + " -c client_connection_check_interval=100");
        return properties;
    }
}

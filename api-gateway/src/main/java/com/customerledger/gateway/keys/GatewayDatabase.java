package com.customerledger.gateway.keys;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.database.LedgerDatabase;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The gateway's own connections, and its schema. A database that can't be reached when the process starts is no reason
 * not to start: the schema is made by the first use that finds it. Thread-safe.
 */
final class GatewayDatabase implements AutoCloseable {

    private static final int CONNECTIONS_MAX = 4;
    private static final long CONNECTION_WAIT_MS = 2_000;
    private static final long IDLE_MS = 60_000;
    private static final String CONNECT_TIMEOUT_S = "2";
    private static final String ANSWER_TIMEOUT_S = "5";
    private static final long MIGRATION_WAIT_MS = 5_000;
    private static final long MIGRATION_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final LedgerDatabase database;
    private final HikariDataSource pool;
    private final JdbcClient client;
    private final TransactionTemplate transaction;
    private final ReentrantLock migrating = new ReentrantLock();
    private volatile boolean migrated;
    private long notBefore = System.nanoTime();

    GatewayDatabase(LedgerDatabase database) {
        this.database = database;
        HikariConfig config = new HikariConfig();
        config.setPoolName("gateway");
        config.setJdbcUrl(database.url());
        config.setUsername(database.application().user());
        config.setPassword(database.application().password());
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE_MS);
        config.setConnectionTimeout(CONNECTION_WAIT_MS);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "customer-ledger gateway");
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT_S);
        config.addDataSourceProperty("socketTimeout", ANSWER_TIMEOUT_S);
        this.pool = new HikariDataSource(config);
        this.client = JdbcClient.create(pool);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    /**
     * What the statements give, each in a transaction of its own.
     *
     * @throws UnavailableException when the database can't carry them out now
     */
    <T extends @Nullable Object> T ask(Function<JdbcClient, T> statements) {
        prepare();
        try {
            return statements.apply(client);
        } catch (DataAccessException failure) {
            throw new UnavailableException("The gateway's database does not answer", failure);
        }
    }

    /**
     * What the statements give, all in one transaction.
     *
     * @throws UnavailableException when the database can't carry them out now
     */
    <T extends @Nullable Object> T inTransaction(Function<JdbcClient, T> statements) {
        prepare();
        try {
            return transaction.execute(status -> statements.apply(client));
        } catch (DataAccessException | TransactionException failure) {
            throw new UnavailableException("The gateway's database does not answer", failure);
        }
    }

    /**
     * Sees to it that the schema is there.
     *
     * @throws UnavailableException when the database can't be reached now
     * @throws FlywayException when the schema can't be made, now or later
     */
    void prepare() {
        if (migrated) {
            return;
        }
        if (!lockForMigration()) {
            throw new UnavailableException("The gateway's tables are being prepared", null);
        }
        try {
            if (migrated) {
                return;
            }
            if (System.nanoTime() - notBefore < 0) {
                throw new UnavailableException("The database can't be reached", null);
            }
            migrate();
            migrated = true;
        } finally {
            migrating.unlock();
        }
    }

    /**
     * Whether there are connections, be they all in use. A pool that has lost all of them looks for the database with pauses
     * that grow to a few seconds.
     */
    boolean connected() {
        return pool.getHikariPoolMXBean().getTotalConnections() > 0;
    }

    private boolean lockForMigration() {
        try {
            return migrating.tryLock(MIGRATION_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("Interrupted while the gateway's tables are being prepared", interrupted);
        }
    }

    private void migrate() {
        try {
            Flyway.configure()
                    .dataSource(
                            database.url(),
                            database.owner().user(),
                            database.owner().password())
                    .locations("classpath:db/gateway")
                    .schemas("gateway")
                    .defaultSchema("gateway")
                    .placeholders(
                            Map.of("application_role", database.application().user()))
                    .load()
                    .migrate();
        } catch (FlywayException failure) {
            if (!unreachable(failure)) {
                throw failure;
            }
            notBefore = System.nanoTime() + MIGRATION_PAUSE_NS;
            throw new UnavailableException("The database can't be reached", failure);
        }
    }

    /** Whether the failure is one of reaching the server: SQLSTATE classes 08, 53 (resources) and 57 (shutting down). */
    private static boolean unreachable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
            }
        }
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }
}

package com.customerledger.query.database;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.SessionMemory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;

/**
 * The read side's connections, all of the application's role. Short queries and streams have pools of their own, so
 * that streams, however slow their readers, take nothing from the queries. Opens nothing before it is asked to.
 * Thread-safe.
 */
public final class QueryDatabase implements AutoCloseable {

    /** By a change of the primary, by standing still, or by taking too long. */
    private static final Set<String> TRANSACTION_ENDED = Set.of("25006", "25P03", "25P04");

    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    /** How long the database may leave us without an answer to a short query. */
    public static final int QUERY_SILENCE_MAX_SECONDS = 8;

    /** The same for a stream; a slow reader's pauses do not count. */
    private static final int STREAM_SILENCE_MAX_SECONDS = 30;

    private static final long STREAM_CONNECTION_WAIT_MAX_MS = 1_000;

    private static final long CONNECTION_CHECK_MAX_MS = 500;

    // Every query here is a walk along an index. A plan that was made for a table of ten rows is still in use when it
    // has a million, so the planner is not to choose by size, nor to plan again for each set of values.
    private static final String ALONG_INDEXES = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off"
            + " -c enable_hashjoin=off -c plan_cache_mode=force_generic_plan"
            + " -c jit=off -c max_parallel_workers_per_gather=0";

    // A view's position is written in the transaction of its rows, so what a crash takes back it takes back together.
    // An owner shows at least every second that it lives; the times are by the server's clock.
    private static final String OWNING = ALONG_INDEXES + " -c synchronous_commit=off"
            + " -c backend_flush_after=512kB"
            + " -c idle_session_timeout=5s -c idle_in_transaction_session_timeout=10s"
            + " -c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2";

    private final LedgerDatabase database;
    private final HikariDataSource queries;
    private final HikariDataSource streams;

    /**
     * @param queriesMax how many short queries run at once
     * @param streamsMax how many streams run at once
     * @param waitMax how long a query waits for a connection
     */
    public QueryDatabase(LedgerDatabase database, int queriesMax, int streamsMax, Duration waitMax) {
        this.database = database;
        this.queries = pool("queries", queriesMax, waitMax.toMillis(), QUERY_SILENCE_MAX_SECONDS);
        this.streams = pool("streams", streamsMax, STREAM_CONNECTION_WAIT_MAX_MS, STREAM_SILENCE_MAX_SECONDS);
    }

    private HikariDataSource pool(String name, int max, long waitMaxMs, int silenceMaxSeconds) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("ledger-" + name);
        config.setJdbcUrl(database.url());
        config.setMaximumPoolSize(max);
        config.setMinimumIdle(Math.min(2, max));
        config.setConnectionTimeout(Math.max(waitMaxMs, 250));
        // So that whoever waits for a connection gets past several that were lost without a word.
        config.setValidationTimeout(CONNECTION_CHECK_MAX_MS);
        config.setInitializationFailTimeout(-1);
        config.setDataSourceProperties(properties("ledger-" + name, ALONG_INDEXES, silenceMaxSeconds));
        return new HikariDataSource(config);
    }

    /** Borrows a connection for short queries; commits by itself. */
    public Connection query() throws SQLException {
        return queries.getConnection();
    }

    /** Borrows a connection for a stream; commits by itself. */
    public Connection stream() throws SQLException {
        return streams.getConnection();
    }

    /** Throws a stream's connection away that is in an unknown state. The lender still closes it. */
    public void evict(Connection stream) {
        streams.evictConnection(stream);
    }

    /**
     * Opens a connection outside the pools, for one that stays: whoever follows the events. The server ends it when
     * nothing was heard of it for some seconds.
     *
     * @param name what the server calls it
     * @param silenceMaxSeconds how long the database may leave it without an answer
     */
    public Connection open(String name, int silenceMaxSeconds) throws SQLException {
        return DriverManager.getConnection(database.url(), properties("ledger-" + name, OWNING, silenceMaxSeconds));
    }

    /** Opens a connection for an operator's command, whose statements take the time that they take. */
    public static Connection forCommand(LedgerDatabase database, LedgerDatabase.Role role) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, role.user());
        PGProperty.PASSWORD.set(properties, role.password());
        PGProperty.APPLICATION_NAME.set(properties, "ledger-command");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        Connection connection = DriverManager.getConnection(database.url(), properties);
        try (Statement statement = connection.createStatement()) {
            // What an operator may have set for the role is not meant for this.
            statement.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
        }
        return connection;
    }

    /** Makes a connection that stays ready for one batch after the other, see {@link SessionMemory#KEEP}. */
    public static void keepMemory(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SessionMemory.KEEP);
        }
    }

    /** Lets the commits of a connection that stays wait for the disk, which they don't by themselves. */
    public static void commitToDisk(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = on");
        }
    }

    /**
     * Whether there are connections for queries, be they all in use. A pool that has lost all of them looks for the
     * database with pauses that grow to a few seconds.
     */
    public boolean connected() {
        return queries.getHikariPoolMXBean().getTotalConnections() > 0;
    }

    private Properties properties(String name, String options, int silenceMaxSeconds) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, database.application().user());
        PGProperty.PASSWORD.set(properties, database.application().password());
        PGProperty.APPLICATION_NAME.set(properties, name);
        PGProperty.OPTIONS.set(properties, options);
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, silenceMaxSeconds);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.PREPARE_THRESHOLD.set(properties, 2);
        // Details quote values, and values are personal.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        return properties;
    }

    /**
     * What to throw for an error of a query: an {@link UnavailableException} when it tells of the database's state and
     * not of the query.
     */
    public static RuntimeException failed(SQLException error) {
        if (isPassing(error)) {
            return new UnavailableException("the database can't answer now", error);
        }
        return new IllegalStateException("the database refuses a query of the read side", error);
    }

    /** Whether the error is about the connection, resources, locks, the disk or the server, and may pass by itself. */
    public static boolean isPassing(SQLException error) {
        if (error instanceof java.sql.SQLTransientException || error instanceof java.sql.SQLRecoverableException) {
            return true;
        }
        String state = error.getSQLState();
        return state == null
                || TRANSACTION_ENDED.contains(state)
                || state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("55")
                || state.startsWith("57")
                || state.startsWith("58");
    }

    /** Whether a table or schema is not there: not made yet, or dropped. */
    public static boolean isTableMissing(SQLException error) {
        return "42P01".equals(error.getSQLState()) || "3F000".equals(error.getSQLState());
    }

    /** The same for a command, whose database may have no ledger yet: that is its caller's mistake. */
    public static RuntimeException failedForCommand(SQLException error) {
        return isTableMissing(error)
                ? new IllegalArgumentException("There is no ledger in this database yet", error)
                : failed(error);
    }

    @Override
    public void close() {
        streams.close();
        queries.close();
    }
}

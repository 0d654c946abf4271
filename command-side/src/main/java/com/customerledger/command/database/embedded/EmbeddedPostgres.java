package com.customerledger.command.database.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server in a data directory, run by this process until {@link #close}. It listens on 127.0.0.1 alone, keeps what it has
 * committed through a kill -9 and a power cut, and is started again when it dies. When this process dies instead, the server stops, at the
 * latest when the directory is next opened. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /** {@link #close} has returned after this time at the latest. */
    public static final Duration CLOSE_MAX = Duration.ofSeconds(9);

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final int ATTEMPTS_MAX = 3;
    private static final int PASSING_FAULT_ATTEMPTS_MAX = 40;
    private static final Duration ATTEMPT_PAUSE = Duration.ofMillis(250);
    private static final Duration RESTART_PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration RESTART_PAUSE_MAX = Duration.ofSeconds(10);
    private static final Duration STABLE_AFTER = Duration.ofSeconds(10);
    private static final Duration HOUSEKEEPING_EVERY = Duration.ofSeconds(5);
    private static final Duration TOUCH_EVERY = Duration.ofHours(6);

    private final DataDirectory data;
    private final ServerSettings settings;
    private final Cluster cluster;
    private final Thread supervisor;
    private final CompletableFuture<DatabaseAccess> started = new CompletableFuture<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private volatile @Nullable Postmaster server;
    private volatile @Nullable Credentials superuser;

    private EmbeddedPostgres(DataDirectory data, ServerSettings settings) {
        this.data = data;
        this.settings = settings;
        this.cluster = new Cluster(data, settings.durable());
        // One platform thread starts every server, since the kernel stops a server when the thread that started it
        // ends.
        this.supervisor = new Thread(this::run, "embedded-postgresql");
        supervisor.setDaemon(true);
    }

    /** Starts the server as {@link #start(DataDirectory, String)} does, as a user of its choice. */
    public static EmbeddedPostgres start(DataDirectory data) {
        return start(data, ServerSettings.production(null));
    }

    /**
     * Starts the server, which is made where it is missing and recovered where its last process died, and waits until it takes connections:
     * a second or two the first time, below a second later, longer after a crash under load.
     *
     * @param osUser the name or number of the operating system's user that PostgreSQL runs as when this process is root; null for the owner
     *     of an existing database, else postgres or nobody. Without meaning for an ordinary user, whose own it is.
     * @throws EmbeddedDatabaseException when it does not start; the message says why
     */
    public static EmbeddedPostgres start(DataDirectory data, @Nullable String osUser) {
        return start(data, ServerSettings.production(osUser));
    }

    static EmbeddedPostgres start(DataDirectory data, ServerSettings settings) {
        EmbeddedPostgres postgres = new EmbeddedPostgres(data, settings);
        postgres.supervisor.start();
        try {
            postgres.started.get();
            return postgres;
        } catch (ExecutionException e) {
            throw new EmbeddedDatabaseException(
                    String.valueOf(Objects.requireNonNull(e.getCause()).getMessage()), e.getCause());
        } catch (InterruptedException e) {
            postgres.close();
            throw EmbeddedDatabaseException.interrupted(e);
        }
    }

    /** How to connect. The same for as long as this server is not closed, its restarts included. */
    public DatabaseAccess access() {
        return started.join();
    }

    /** Whether the server takes connections, as far as is known without asking it. False while it is started again. */
    public boolean isRunning() {
        Postmaster current = server;
        return current != null && current.isAlive();
    }

    /** The process that PostgreSQL's other processes descend from. */
    long serverPid() {
        Postmaster current = server;
        if (current == null) {
            throw new IllegalStateException("PostgreSQL is not running");
        }
        return current.pid();
    }

    /** The superuser's credentials, for tests that make databases of their own. */
    Credentials superuser() {
        Credentials known = superuser;
        if (known == null) {
            throw new IllegalStateException("PostgreSQL has not been started");
        }
        return known;
    }

    /** Stops the server, with a checkpoint when there is time for one. Doing so again has no effect. The data directory stays open. */
    @Override
    public void close() {
        closing.complete(null);
        if (!joined(CLOSE_MAX)) {
            LOG.error("PostgreSQL has not ended in time; killing it");
            new PostgresProcesses(cluster.path()).living().forEach(it -> PostgresProcesses.signal(it, "KILL"));
        }
    }

    private boolean joined(Duration max) {
        long deadline = System.nanoTime() + max.toNanos();
        boolean interrupted = false;
        while (supervisor.isAlive()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMs <= 0) {
                break;
            }
            try {
                supervisor.join(leftMs);
            } catch (InterruptedException e) {
                // An impatient caller still gets a database that was shut down in order; the bound is short.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !supervisor.isAlive();
    }

    private void run() {
        try {
            started.complete(begin());
        } catch (RuntimeException | SQLException e) {
            stopServer();
            started.completeExceptionally(e);
            return;
        }
        try {
            supervise();
        } finally {
            data.withdraw();
            stopServer();
        }
    }

    private DatabaseAccess begin() throws SQLException {
        Launcher launcher = launcher();
        PostgresBinaries binaries = binaries(launcher);
        Credentials known = cluster.prepare(binaries, launcher);
        superuser = known;
        Postmaster launched = launchReady(launcher, binaries, 0);
        server = launched;
        Credentials owner = Credentials.random(LedgerDatabase.OWNER);
        Credentials application = Credentials.random(LedgerDatabase.APPLICATION);
        try (Connection connection = LedgerDatabase.connect(launched.port(), known)) {
            LedgerDatabase.ensureRole(connection, owner);
            LedgerDatabase.ensureRole(connection, application);
            LedgerDatabase.ensureDatabase(connection, LedgerDatabase.NAME);
        }
        DatabaseAccess access =
                new DatabaseAccess(LedgerDatabase.url(launched.port(), LedgerDatabase.NAME), owner, application);
        data.publish(access);
        LOG.info(
                "PostgreSQL runs as process {}, user number {}, on {}",
                launched.pid(),
                launcher.user().uid(),
                access.jdbcUrl());
        return access;
    }

    private Launcher launcher() {
        return Launcher.forUser(OsUser.forServer(settings.osUser(), cluster.path()));
    }

    private PostgresBinaries binaries(Launcher launcher) {
        return PostgresBinaries.unpackedFor(
                launcher,
                settings.binariesDirectory() == null ? data.path() : settings.binariesDirectory(),
                settings.sharedBinariesDirectories());
    }

    /** Starts a server on the port, or on any free one when it is 0, and tries again where a fault may pass. */
    private Postmaster launchReady(Launcher launcher, PostgresBinaries binaries, int port) {
        ServerLog log = new ServerLog(data.path().resolve("postgres.log"));
        for (int attempt = 1; ; attempt++) {
            cluster.stopLeftBehind();
            Postmaster launched = Postmaster.launch(
                    binaries, launcher, settings, cluster.path(), log, port == 0 ? FreePort.pick() : port);
            boolean ready = false;
            try {
                ready = launched.awaitReady(closing::isDone);
            } finally {
                if (!ready) {
                    launched.stop();
                }
            }
            if (ready) {
                return launched;
            }
            String said = launched.said();
            boolean mayPass = said.contains("Address already in use")
                    || said.contains("still in use")
                    || said.contains("lock file");
            if (closing.isDone() || attempt >= (mayPass ? PASSING_FAULT_ATTEMPTS_MAX : ATTEMPTS_MAX)) {
                throw new EmbeddedDatabaseException(
                        "PostgreSQL does not start in %s; it says:%n%s".formatted(cluster.path(), said));
            }
            LOG.warn("PostgreSQL did not start, trying again; it said: {}", said);
            closesWithin(ATTEMPT_PAUSE);
        }
    }

    private void supervise() {
        Duration pause = Duration.ZERO;
        while (!closing.isDone()) {
            Postmaster current = Objects.requireNonNull(server);
            long start = System.nanoTime();
            watch(current);
            if (closing.isDone()) {
                return;
            }
            boolean stable = System.nanoTime() - start > STABLE_AFTER.toNanos();
            pause = stable ? Duration.ZERO : longer(pause);
            LOG.error("PostgreSQL died under the ledger, process {}; starting it again", current.pid());
            while (!closesWithin(pause) && !restarted(current.port())) {
                pause = longer(pause);
            }
        }
    }

    private boolean restarted(int port) {
        try {
            // The programs are looked at anew: temporary files may have been cleaned up meanwhile.
            Launcher launcher = launcher();
            server = launchReady(launcher, binaries(launcher), port);
            LOG.info("PostgreSQL runs again, as process {}", serverPid());
            return true;
        } catch (RuntimeException e) {
            LOG.error("PostgreSQL cannot be started again yet", e);
            return false;
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        if (doubled.compareTo(RESTART_PAUSE_MIN) < 0) {
            return RESTART_PAUSE_MIN;
        }
        return doubled.compareTo(RESTART_PAUSE_MAX) > 0 ? RESTART_PAUSE_MAX : doubled;
    }

    /** Returns when the server has died or this is being closed, and looks after the files meanwhile. */
    private void watch(Postmaster current) {
        CompletableFuture<Object> end = CompletableFuture.anyOf(current.onExit(), closing);
        ServerLog log = new ServerLog(data.path().resolve("postgres.log"));
        long touched = System.nanoTime();
        while (!endsWithin(end, HOUSEKEEPING_EVERY)) {
            try {
                log.bound();
                if (System.nanoTime() - touched > TOUCH_EVERY.toNanos()) {
                    touched = System.nanoTime();
                    binaries(launcher()).touch();
                }
            } catch (RuntimeException e) {
                LOG.warn("Cannot look after PostgreSQL's files", e);
            }
        }
    }

    private boolean closesWithin(Duration time) {
        return endsWithin(closing, time);
    }

    private static boolean endsWithin(CompletableFuture<?> future, Duration time) {
        try {
            future.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw EmbeddedDatabaseException.interrupted(e);
        }
    }

    private void stopServer() {
        Postmaster current = server;
        server = null;
        if (current != null) {
            current.stop();
        }
    }
}

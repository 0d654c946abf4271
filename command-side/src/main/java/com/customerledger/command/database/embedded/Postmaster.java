package com.customerledger.command.database.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running PostgreSQL server process, a child of this process. Thread-safe. */
final class Postmaster {

    /** The file in which a server says how far it is; PostgreSQL's own format. */
    static final String PID_FILE = "postmaster.pid";

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration FAST_STOP_MAX = Duration.ofSeconds(5);
    private static final Duration IMMEDIATE_STOP_MAX = Duration.ofSeconds(2);
    private static final Duration KILL_MAX = Duration.ofSeconds(1);
    private static final Duration PATIENCE_NOTE_EVERY = Duration.ofSeconds(10);
    private static final int SAID_BYTES_MAX = 4 * 1024;
    private static final long POLL_MS = 10;

    private final Process process;
    private final Path cluster;
    private final ServerLog log;
    private final long logStart;
    private final int port;

    private Postmaster(Process process, Path cluster, ServerLog log, long logStart, int port) {
        this.process = process;
        this.cluster = cluster;
        this.log = log;
        this.logStart = logStart;
        this.port = port;
    }

    /** Starts a server. The kernel stops it when the calling thread ends, where the machine's tools allow for that. */
    static Postmaster launch(
            PostgresBinaries binaries,
            Launcher launcher,
            ServerSettings settings,
            Path cluster,
            ServerLog log,
            int port) {
        List<String> command = new ArrayList<>(List.of(binaries.postgres(), "-D", Cluster.STARTED_IN));
        for (String parameter : settings.parameters(port, new PostgresProcesses(cluster).clusterName())) {
            command.add("-c");
            command.add(parameter);
        }
        ProcessBuilder builder = new ProcessBuilder(launcher.detachedCommand(command))
                .directory(cluster.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.redirect());
        ShortRun.clean(builder.environment());
        long logStart = log.size();
        try {
            return new Postmaster(builder.start(), cluster, log, logStart, port);
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("PostgreSQL cannot be started: " + e.getMessage(), e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /**
     * Waits until the server takes connections. Recovery after a crash may take minutes, so there is no bound while the server lives.
     *
     * @return false when the server ended instead, or when it was given up
     */
    boolean awaitReady(BooleanSupplier givenUp) {
        long start = System.nanoTime();
        long noted = start;
        while (process.isAlive() && !givenUp.getAsBoolean()) {
            if (saysReady()) {
                return true;
            }
            if (System.nanoTime() - noted > PATIENCE_NOTE_EVERY.toNanos()) {
                noted = System.nanoTime();
                LOG.info(
                        "PostgreSQL is recovering, for {} s so far",
                        Duration.ofNanos(noted - start).toSeconds());
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                throw EmbeddedDatabaseException.interrupted(e);
            }
        }
        return false;
    }

    private boolean saysReady() {
        try {
            List<String> lines = Files.readAllLines(cluster.resolve(PID_FILE));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(process.pid()))
                    && lines.get(7).strip().equals("ready");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + cluster.resolve(PID_FILE), e);
        }
    }

    /** What the server has logged since it was started, the end of it. */
    String said() {
        return log.since(logStart, SAID_BYTES_MAX);
    }

    /** Stops the server: with a checkpoint if that can be done in 5 s, else at once. It has ended within 8 s. */
    void stop() {
        if (endedAfter("INT", FAST_STOP_MAX)) {
            return;
        }
        LOG.warn("PostgreSQL does not stop; it will recover at its next start");
        if (!endedAfter("QUIT", IMMEDIATE_STOP_MAX)) {
            new PostgresProcesses(cluster).living().forEach(it -> PostgresProcesses.signal(it, "KILL"));
            endedAfter("KILL", KILL_MAX);
        }
    }

    private boolean endedAfter(String signal, Duration max) {
        PostgresProcesses.signal(process.toHandle(), signal);
        try {
            return process.waitFor(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw EmbeddedDatabaseException.interrupted(e);
        }
    }
}

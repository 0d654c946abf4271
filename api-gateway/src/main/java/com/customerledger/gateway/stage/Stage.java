package com.customerledger.gateway.stage;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * Where scenarios are played: a temporary directory and every process that was started in it, all of which are gone when
 * it is closed. Thread-safe.
 */
public class Stage implements AutoCloseable {

    /** Below the ports that the system gives to connections, so that none of these takes one of ours between two starts. */
    private static final int PORT_MIN = 17_000;

    private static final int PORT_MAX = 30_000;
    private static final int PORT_ATTEMPTS_MAX = 100;
    private static final int SAID_LINES_MAX = 60;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
    private static final Duration GONE_MAX = Duration.ofSeconds(10);

    private final Path directory;
    private final List<String> ledger;
    private final PrintWriter progress;
    private final Random ports = new Random();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();
    private final long start = System.nanoTime();
    private final List<LedgerProcess> processes = new ArrayList<>();
    private final List<AutoCloseable> others = new ArrayList<>();
    private final Map<String, Duration> measured = new TreeMap<>();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Makes a stage.
     *
     * @param name begins the name of its temporary directory
     * @param ledger how to run the ledger, without its arguments
     * @param progress takes a line for each step
     */
    public Stage(String name, List<String> ledger, PrintWriter progress) throws IOException {
        this.directory = Files.createTempDirectory(name);
        this.ledger = List.copyOf(ledger);
        this.progress = progress;
    }

    /** For clients of the processes on it. */
    public HttpClient http() {
        return http;
    }

    /** A directory that is not there yet. */
    public Path newDirectory(String name) {
        return directory.resolve(name + "-" + names.incrementAndGet());
    }

    /** Tells how far things are. */
    public void say(String message) {
        synchronized (progress) {
            progress.printf(Locale.ROOT, "%6.1f s  %s%n", Waiting.since(start).toMillis() / 1_000.0, message);
            progress.flush();
        }
    }

    /** Tells how long something took, and keeps the longest for {@link #measured}. */
    public void measure(String what, Duration took) {
        say("%s: %d ms".formatted(what, took.toMillis()));
        synchronized (measured) {
            measured.merge(what, took, (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
    }

    /** The longest time that each thing took. */
    public Map<String, Duration> measured() {
        synchronized (measured) {
            return new TreeMap<>(measured);
        }
    }

    /** A port on 127.0.0.1 that nobody listens on. */
    public int freePort() throws IOException {
        for (int attempt = 1; attempt <= PORT_ATTEMPTS_MAX; attempt++) {
            int port;
            synchronized (ports) {
                port = PORT_MIN + ports.nextInt(PORT_MAX - PORT_MIN);
            }
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                if (attempt == PORT_ATTEMPTS_MAX) {
                    throw taken;
                }
            }
        }
        throw new IOException("there is no free port");
    }

    /** Starts a {@code ledger} command. */
    public synchronized LedgerProcess launch(
            String name, List<String> arguments, Map<String, String> settings, Path dataDirectory) throws IOException {
        if (closed) {
            throw new IOException("the stage is closed");
        }
        LedgerProcess process = LedgerProcess.start(ledger, arguments, settings, dataDirectory, directory, name);
        processes.add(process);
        return process;
    }

    /** Starts a server with a database of its own; does not wait until it answers. */
    public Node startNode(String name, Path dataDirectory) throws IOException {
        return Node.start(this, name, dataDirectory, Map.of());
    }

    /** Closes that, after the processes, when the stage is closed. */
    public synchronized void closeLater(AutoCloseable other) {
        others.add(other);
    }

    /** The database of the server that runs on that data directory, as it tells its own commands. */
    public static LedgerDatabase database(Path dataDirectory) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(dataDirectory.resolve("database.properties"))));
        return new LedgerDatabase(
                properties.getProperty("url"),
                new Role(properties.getProperty("owner.user"), properties.getProperty("owner.password")),
                new Role(properties.getProperty("application.user"), properties.getProperty("application.password")),
                false);
    }

    /** A connection in that role; the caller closes it. */
    public static Connection connect(LedgerDatabase database, Role role) throws SQLException {
        return DriverManager.getConnection(database.url(), role.user(), role.password());
    }

    /** What the processes said at last, for a failure. */
    public synchronized String said() {
        StringBuilder said = new StringBuilder();
        try (Stream<Path> logs = Files.list(directory)) {
            for (Path log : logs.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines =
                        Files.readAllLines(log).stream().filter(Stage::tells).toList();
                said.append("-- the end of ").append(log.getFileName()).append(":\n");
                lines.subList(Math.max(0, lines.size() - SAID_LINES_MAX), lines.size())
                        .forEach(line -> said.append(line).append('\n'));
            }
        } catch (IOException e) {
            said.append("-- the logs can't be read: ").append(e);
        }
        return said.toString();
    }

    /** Other programs' part of a stack trace, and the questions of those that wait, tell nothing. */
    private static boolean tells(String line) {
        return (!line.startsWith("\tat ") || line.contains("customerledger")) && !line.contains(" /actuator/health ");
    }

    /** Whether it is closed, or being closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Kills every process and removes every file. Doing so again has no effect. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (LedgerProcess each : processes) {
            each.close();
        }
        for (AutoCloseable each : others) {
            try {
                each.close();
            } catch (Exception e) {
                say("%s could not be closed: %s".formatted(each, e));
            }
        }
        try {
            // PostgreSQL's processes notice only after a moment that their server is gone, and write until then.
            Waiting.until("the files to be removed", GONE_MAX, () -> {
                FileSystemUtils.deleteRecursively(directory);
                return Files.notExists(directory);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException | PlayFailure e) {
            say("%s could not be removed: %s".formatted(directory, e));
        }
    }
}

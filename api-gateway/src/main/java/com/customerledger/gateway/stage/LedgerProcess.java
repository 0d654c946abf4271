package com.customerledger.gateway.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One {@code ledger} command in a process of its own, in a process group of its own. Thread-safe. */
public final class LedgerProcess implements AutoCloseable {

    /** A server and all that it started are gone this long after SIGTERM. */
    public static final Duration END_MAX = Duration.ofSeconds(10);

    private static final Duration KILLED_MAX = Duration.ofSeconds(15);
    private static final int SAID_LINES_MAX = 40;

    private final Process process;
    private final Path dataDirectory;
    private final Path output;

    private LedgerProcess(Process process, Path dataDirectory, Path output) {
        this.process = process;
        this.dataDirectory = dataDirectory;
        this.output = output;
    }

    /**
     * Starts a command.
     *
     * @param command how to run the ledger, without its arguments
     * @param outputDirectory where its standard output and error go, to the file of that name and {@code .log}, behind
     *     what is there
     */
    public static LedgerProcess start(
            List<String> command,
            List<String> arguments,
            Map<String, String> settings,
            Path dataDirectory,
            Path outputDirectory,
            String name)
            throws IOException {
        // A process group of its own, so that a signal to it reaches nobody else; setsid replaces itself by Java.
        List<String> whole = new ArrayList<>(List.of("setsid"));
        whole.addAll(command);
        whole.addAll(arguments);
        Path output = outputDirectory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(outputDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(it -> it.startsWith("LEDGER_") || it.startsWith("SPRING_"));
        builder.environment().put("LEDGER_DATA_DIR", dataDirectory.toString());
        builder.environment().putAll(settings);
        return new LedgerProcess(builder.start(), dataDirectory, output);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The most memory that the Java machine had resident so far, in bytes. */
    public long peakMemoryBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("the system does not tell how much memory process " + pid() + " has");
    }

    /** The PostgreSQL in its data directory, where one runs. */
    public Optional<ProcessHandle> postmaster() {
        try (Stream<String> lines = Files.lines(dataDirectory.resolve("postgresql/postmaster.pid"))) {
            return lines.findFirst()
                    .filter(line -> line.strip().matches("[0-9]{1,18}"))
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                    .filter(LedgerProcess::isPostgres);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException goneMeanwhile) {
            return Optional.empty();
        }
    }

    /** Numbers are used again: a left file must not make us kill a stranger. */
    private static boolean isPostgres(ProcessHandle process) {
        try {
            return Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1)
                    .contains("postgres");
        } catch (IOException ended) {
            return false;
        }
    }

    /** kill -9 of the Java machine alone. Returns when it is dead. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        PlayFailure.unless(
                process.waitFor(KILLED_MAX.toMillis(), TimeUnit.MILLISECONDS),
                () -> "process %d outlives kill -9".formatted(pid()));
    }

    /** kill -9 of its PostgreSQL's server process alone. Does not wait for its end. */
    public void killPostmaster() {
        ProcessHandle server =
                postmaster().orElseThrow(() -> new PlayFailure("no PostgreSQL runs in " + dataDirectory));
        PlayFailure.unless(server.destroyForcibly(), () -> "PostgreSQL can't be killed");
    }

    /** kill -9 of one of the processes of its PostgreSQL that serve a connection. */
    public void killBackend(Random random) {
        ProcessHandle server =
                postmaster().orElseThrow(() -> new PlayFailure("no PostgreSQL runs in " + dataDirectory));
        List<ProcessHandle> backends =
                server.children().filter(LedgerProcess::isBackend).toList();
        PlayFailure.unless(!backends.isEmpty(), () -> "PostgreSQL serves nobody");
        PlayFailure.unless(
                backends.get(random.nextInt(backends.size())).destroyForcibly(), () -> "a backend can't be killed");
    }

    private static boolean isBackend(ProcessHandle process) {
        try {
            // The title that PostgreSQL gives it ends in where its client is and what it does.
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains(" 127.0.0.1(");
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    /** Stops or continues the Java machine, as SIGSTOP and SIGCONT do. */
    public void signal(String name) throws IOException, InterruptedException {
        signal(name, Long.toString(pid()));
    }

    private static void signal(String name, String target) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" -- \"$1\"", name, target).start();
        PlayFailure.unless(kill.waitFor() == 0, () -> "no signal %s can be sent to %s".formatted(name, target));
    }

    /**
     * SIGTERM, and the wait until all that it started is gone.
     *
     * @param group whether the whole process group gets the signal, as from a terminal
     * @return how long it took
     * @throws PlayFailure when anything is left after {@link #END_MAX}
     */
    public Duration terminate(boolean group) throws IOException, InterruptedException {
        List<ProcessHandle> all = all();
        long start = System.nanoTime();
        signal("TERM", (group ? "-" : "") + pid());
        for (ProcessHandle each : all) {
            Duration left = END_MAX.minus(Waiting.since(start));
            Waiting.until("the end of process " + each.pid() + " after SIGTERM", left, () -> isGone(each));
        }
        Duration took = Waiting.since(start);
        PlayFailure.unless(
                process.waitFor(1, TimeUnit.SECONDS), () -> "process %d has ended and is not gone".formatted(pid()));
        return took;
    }

    private List<ProcessHandle> all() {
        List<ProcessHandle> all = new ArrayList<>();
        all.add(process.toHandle());
        process.toHandle().descendants().forEach(all::add);
        postmaster().ifPresent(server -> {
            all.add(server);
            server.descendants().forEach(all::add);
        });
        return all;
    }

    /** Dead, reaped by its parent or not. */
    private static boolean isGone(ProcessHandle process) {
        try {
            String stat = Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "stat"), StandardCharsets.ISO_8859_1);
            return !process.isAlive() || stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException gone) {
            return true;
        }
    }

    /** The exit code of a command that ends by itself. */
    public int awaitEnd(Duration max) throws InterruptedException {
        PlayFailure.unless(
                process.waitFor(max.toMillis(), TimeUnit.MILLISECONDS),
                () -> "process %d does not end".formatted(pid()));
        return process.exitValue();
    }

    /** The last lines that it wrote. */
    public String said() {
        try {
            List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SAID_LINES_MAX), lines.size()));
        } catch (IOException e) {
            return "nothing that can be read: " + e;
        }
    }

    /** All that it and those before it with the same output wrote. */
    public String allSaid() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Kills all of it. */
    @Override
    public void close() {
        for (ProcessHandle each : all()) {
            each.destroyForcibly();
        }
    }
}

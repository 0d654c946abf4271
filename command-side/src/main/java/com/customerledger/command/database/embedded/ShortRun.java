package com.customerledger.command.database.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs another program to its end, with a bound on time and output, and without this process's locale, time zone or settings. */
final class ShortRun {

    private static final Duration RUN_MAX = Duration.ofSeconds(30);
    private static final int OUTPUT_BYTES_MAX = 64 * 1024;
    private static final List<String> TOOL_DIRECTORIES = List.of(
            "/usr/local/sbin",
            "/usr/local/bin",
            "/usr/sbin",
            "/usr/bin",
            "/sbin",
            "/bin",
            "/run/current-system/sw/bin");
    private static final File NOTHING = new File("/dev/null");

    private ShortRun() {}

    /** How a program ended: its exit code, or -1 when it could not be started, and what it printed on both streams. */
    record Result(int exitCode, String output) {

        boolean succeeded() {
            return exitCode == 0;
        }
    }

    static Result of(List<String> command) {
        return of(command, null, NOTHING, RUN_MAX);
    }

    /**
     * Where a tool of the operating system lies. The settings' PATH is not asked: it may have relative entries, and these programs run as
     * root in a directory that belongs to another user.
     */
    static Optional<String> find(String tool) {
        return TOOL_DIRECTORIES.stream()
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /**
     * Runs a program.
     *
     * @throws EmbeddedDatabaseException when it does not end in time; it is killed then
     */
    static Result of(List<String> command, @Nullable Path directory, File input, Duration max) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        clean(builder.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        }
        try (InputStream output = process.getInputStream()) {
            // A program that hangs is killed by this thread's twin, since reading its output has no bound of its own.
            CompletableFuture<Process> bound = process.onExit()
                    .orTimeout(max.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((ended, late) -> {
                        if (late != null) {
                            process.destroyForcibly();
                        }
                    });
            String text = new String(output.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
            output.transferTo(OutputStream.nullOutputStream());
            int status = process.waitFor();
            bound.cancel(false);
            return new Result(status, text);
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Cannot read what %s prints".formatted(command.get(0)), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw EmbeddedDatabaseException.interrupted(e);
        }
    }

    /** The environment that every program of PostgreSQL's gets: nothing of ours, and its messages are always English. */
    static void clean(Map<String, String> environment) {
        environment.clear();
        environment.put("PATH", String.join(":", TOOL_DIRECTORIES));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
    }
}

package com.customerledger.command.database.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@link ServerProcess} in a JVM of its own, which ends with the test at the latest. */
final class LedgerJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private LedgerJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static LedgerJvm start(Path dataDirectory, String... jvmOptions) throws IOException {
        return start(
                List.of(),
                System.getProperty("java.class.path"),
                Path.of("/"),
                Map.of(),
                List.of(jvmOptions),
                List.of(
                        dataDirectory.toString(),
                        TestPostgres.sharedBinariesDirectory().toString()));
    }

    static LedgerJvm start(
            List<String> prefix,
            String classPath,
            Path workingDirectory,
            Map<String, String> environment,
            List<String> jvmOptions,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath));
        command.addAll(jvmOptions);
        command.add(ServerProcess.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new LedgerJvm(builder.start());
    }

    /** This JVM's class path as files below a directory that every user can read; its own may lie where only root may go. */
    static String classPathReadableByAll(Path directory) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            boolean needed = Files.isDirectory(source)
                    || Arrays.stream(new String[] {
                                "commons-", "xz-", "postgresql-", "postgres-binaries", "slf4j", "logback"
                            })
                            .anyMatch(source.getFileName().toString()::contains);
            if (needed && Files.exists(source)) {
                Path target = directory.resolve(entries.size() + "-" + source.getFileName());
                copy(source, target);
                entries.add(target.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (var files = Files.walk(source)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
        ShortRun.of(List.of("/bin/chmod", "-R", "a+rX", target.toString()));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Reads on until the database takes connections; its server's process number. */
    long awaitReady() throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(ServerProcess.READY)) {
                return Long.parseLong(line.substring(ServerProcess.READY.length()));
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("The process ended before its database was ready:\n" + said);
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        kill();
        output.close();
    }
}

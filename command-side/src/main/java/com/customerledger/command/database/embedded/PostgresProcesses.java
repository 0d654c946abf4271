package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The living processes of one PostgreSQL cluster, whoever started them, found by what the kernel says about them. */
final class PostgresProcesses {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresProcesses.class);

    /** What a server's children show instead of their command line. */
    private static final String CHILD_TITLE = "postgres: ";

    private final Path cluster;

    PostgresProcesses(Path cluster) {
        this.cluster = cluster;
    }

    /**
     * A name for the cluster that PostgreSQL shows in the command line of each of its processes. Root in a container may not be allowed to
     * see another user's working directories, but every user sees command lines.
     */
    String clusterName() {
        try {
            Map<String, Object> attributes = Files.readAttributes(cluster, "unix:dev,ino");
            return "ledger-%x-%x".formatted((Long) attributes.get("dev"), (Long) attributes.get("ino"));
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Cannot read " + cluster, e);
        }
    }

    /** All that runs on the cluster now. Zombies are left out: they hold nothing any more. */
    List<ProcessHandle> living() {
        Object fileKey;
        try {
            fileKey = Objects.requireNonNull(
                    Files.readAttributes(cluster, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Cannot read " + cluster, e);
        }
        String name = clusterName();
        return ProcessHandle.allProcesses()
                .filter(process -> runsOn(process, fileKey, name))
                .toList();
    }

    /** Whether a process of the cluster is a server, or makes a cluster, and so ends the others when it is told to end. */
    static boolean leads(ProcessHandle process) {
        try {
            return !Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1)
                    .startsWith(CHILD_TITLE);
        } catch (IOException e) {
            LOG.trace("Process {} has ended", process.pid(), e);
            return false;
        }
    }

    /** Sends a signal, named without its SIG, to a process of the cluster. */
    static void signal(ProcessHandle process, String signal) {
        if (signal.equals("KILL")) {
            process.destroyForcibly();
        } else if (process.isAlive()) {
            ShortRun.Result result = ShortRun.of(
                    List.of("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(process.pid())));
            LOG.debug("Sent {} to process {}: {}", signal, process.pid(), result);
        }
    }

    private static boolean runsOn(ProcessHandle process, Object fileKey, String clusterName) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            String commandLine = Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            String program = commandLine.split("\0", 2)[0];
            boolean postgres = program.startsWith(CHILD_TITLE)
                    || program.endsWith("/bin/postgres")
                    || program.endsWith("/bin/initdb");
            if (!postgres || isZombie(proc)) {
                return false;
            }
            return commandLine.contains("cluster_name=" + clusterName + "\0")
                    || commandLine.startsWith(CHILD_TITLE + clusterName + ": ")
                    || worksIn(proc, fileKey);
        } catch (IOException e) {
            LOG.trace("Process {} has ended or is hidden", process.pid(), e);
            return false;
        }
    }

    private static boolean worksIn(Path proc, Object fileKey) throws IOException {
        return fileKey.equals(Files.readAttributes(proc.resolve("cwd"), BasicFileAttributes.class)
                .fileKey());
    }

    private static boolean isZombie(Path proc) throws IOException {
        String stat = Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1);
        // The state follows the program's name, which stands in parentheses and may hold anything.
        return stat.startsWith(") Z", stat.lastIndexOf(')'));
    }
}

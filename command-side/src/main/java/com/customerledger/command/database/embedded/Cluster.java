package com.customerledger.command.database.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's own directory within the data directory. Its programs are told to use the directory they are started in, because the user
 * they run as may not be allowed to go through the directories above it; whoever starts them is. Used by one thread at a time.
 */
final class Cluster {

    /** The directory that a program is started in, under a name that every user can resolve. */
    static final String STARTED_IN = "/proc/self/cwd";

    static final String SUPERUSER = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final String NAME = "postgresql";
    private static final String NEW_PREFIX = NAME + ".new-";
    private static final String PASSWORD_PREFIX = NAME + ".input-";
    private static final String SUPERUSER_FILE = "postgresql.credentials";
    private static final Duration INITDB_MAX = Duration.ofMinutes(5);
    private static final Duration FAST_STOP_MAX = Duration.ofSeconds(8);
    private static final Duration IMMEDIATE_STOP_MAX = Duration.ofSeconds(2);
    private static final Duration KILL_MAX = Duration.ofSeconds(5);
    private static final long POLL_MS = 20;

    private final DataDirectory data;
    private final Path path;
    private final boolean durable;

    Cluster(DataDirectory data, boolean durable) {
        this.data = data;
        this.durable = durable;
        this.path = pathIn(data);
    }

    static Path pathIn(DataDirectory data) {
        return data.path().resolve(NAME);
    }

    Path path() {
        return path;
    }

    /**
     * Makes the cluster where it is missing, and readies one that an earlier process left in whatever state. Afterwards nothing runs on it.
     *
     * @return the superuser's credentials
     * @throws EmbeddedDatabaseException when it is another version's, or PostgreSQL does not make it; the message says why
     */
    Credentials prepare(PostgresBinaries binaries, Launcher launcher) {
        try {
            removeUnfinished();
            if (!Files.isDirectory(path)) {
                return create(binaries, launcher);
            }
            checkVersion(binaries);
            checkOwner(launcher.user());
            stopLeftBehind();
            Path file = data.path().resolve(SUPERUSER_FILE);
            return Files.exists(file)
                    ? Credentials.fromLine(Files.readString(file))
                    : resetSuperuser(binaries, launcher);
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("The database in %s cannot be used: %s".formatted(path, e), e);
        }
    }

    /** Ends whatever still runs on the cluster without being this process's server, so that a new server can start. */
    void stopLeftBehind() {
        PostgresProcesses processes = new PostgresProcesses(path);
        List<ProcessHandle> living = processes.living();
        if (!living.isEmpty()) {
            LOG.info("Stopping a PostgreSQL that was left behind, processes {}", pids(living));
            end(processes);
        }
        try {
            // Nothing runs on it, so its number is that of a zombie or, by now, of some other program, and would only
            // block the start.
            Files.deleteIfExists(path.resolve(Postmaster.PID_FILE));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path.resolve(Postmaster.PID_FILE), e);
        }
    }

    private void end(PostgresProcesses processes) {
        // Without their server the others only have to go: what they did not finish is recovered, and some may not
        // listen any more.
        boolean led = processes.living().stream().anyMatch(PostgresProcesses::leads);
        if (led
                && (signalUntilGone(processes, "INT", FAST_STOP_MAX)
                        || signalUntilGone(processes, "QUIT", IMMEDIATE_STOP_MAX))) {
            return;
        }
        if (signalUntilGone(processes, "KILL", KILL_MAX)) {
            return;
        }
        throw new EmbeddedDatabaseException(
                "A PostgreSQL that was left behind in %s does not end, not even when killed: processes %s"
                        .formatted(path, pids(processes.living())));
    }

    private static boolean signalUntilGone(PostgresProcesses processes, String signal, Duration max) {
        List<ProcessHandle> living = processes.living();
        living.forEach(process -> PostgresProcesses.signal(process, signal));
        long deadline = System.nanoTime() + max.toNanos();
        while (!living.isEmpty()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                throw EmbeddedDatabaseException.interrupted(e);
            }
            living = processes.living();
        }
        return true;
    }

    private static List<Long> pids(List<ProcessHandle> processes) {
        return processes.stream().map(ProcessHandle::pid).toList();
    }

    private Credentials create(PostgresBinaries binaries, Launcher launcher) throws IOException {
        LOG.info("Making a database with PostgreSQL {} in {}", binaries.version(), path);
        Credentials superuser = Credentials.random(SUPERUSER);
        // Written first: a cluster that is in its place always has its password beside it.
        data.writeSecret(SUPERUSER_FILE, superuser.toLine());
        Path made = Files.createTempDirectory(data.path(), NEW_PREFIX);
        giveTo(launcher.user(), made);
        List<String> command = List.of(
                binaries.initdb(),
                "-D",
                STARTED_IN,
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
                "--data-checksums",
                "--username=" + SUPERUSER,
                durable ? "--sync-method=fsync" : "--no-sync",
                "--pwfile=/proc/self/fd/0");
        ShortRun.Result result = withInput(
                launcher.user(),
                superuser.password() + "\n",
                input -> ShortRun.of(launcher.command(command), made, input, INITDB_MAX));
        if (!result.succeeded()) {
            FileAccess.deleteTree(made);
            throw new EmbeddedDatabaseException("PostgreSQL could not make its database in %s:%n%s"
                    .formatted(data.path(), result.output().strip()));
        }
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        SecretFile.forceDirectory(data.path());
        return superuser;
    }

    /** Gives the superuser a new password when the file that held it is gone, by running PostgreSQL for this one statement. */
    private Credentials resetSuperuser(PostgresBinaries binaries, Launcher launcher) throws IOException {
        LOG.warn(
                "{} is missing; giving the database's superuser a new password",
                data.path().resolve(SUPERUSER_FILE));
        Credentials superuser = Credentials.random(SUPERUSER);
        List<String> command = List.of(
                binaries.postgres(), "--single", "-D", STARTED_IN, "-c", "log_min_error_statement=panic", "postgres");
        ShortRun.Result result = withInput(
                launcher.user(),
                "ALTER ROLE %s PASSWORD '%s'\n".formatted(superuser.user(), superuser.password()),
                input -> ShortRun.of(launcher.command(command), path, input, INITDB_MAX));
        if (!result.succeeded()) {
            throw new EmbeddedDatabaseException("PostgreSQL could not give its superuser a new password:%n%s"
                    .formatted(result.output().strip()));
        }
        data.writeSecret(SUPERUSER_FILE, superuser.toLine());
        return superuser;
    }

    private interface Use {
        ShortRun.Result of(File input);
    }

    /** Hands a program a secret as its standard input, in a file that only its user can read and that is gone afterwards. */
    private ShortRun.Result withInput(OsUser user, String text, Use use) throws IOException {
        Path file = Files.createTempFile(data.path(), PASSWORD_PREFIX, "");
        try {
            Files.writeString(file, text);
            giveTo(user, file);
            return use.of(file.toFile());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void giveTo(OsUser user, Path file) throws IOException {
        if (FileAccess.of(file).uid() != user.uid()) {
            FileAccess.changeOwner(file, user.uid(), user.gid());
        }
    }

    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(data.path(), NAME + ".{new,input}-*")) {
            for (Path entry : entries) {
                LOG.info("Removing {}, left by a start that was cut short", entry);
                if (Files.isDirectory(entry)) {
                    end(new PostgresProcesses(entry));
                }
                FileAccess.deleteTree(entry);
            }
        }
    }

    private void checkVersion(PostgresBinaries binaries) throws IOException {
        Path file = path.resolve("PG_VERSION");
        String found = Files.exists(file) ? Files.readString(file).strip() : "unknown";
        if (!found.equals(binaries.major())) {
            throw new EmbeddedDatabaseException(
                    "The data directory %s holds a database of PostgreSQL %s, and this ledger ships PostgreSQL %s, which cannot read it. Use the ledger that made it, or set LEDGER_DATA_DIR to another directory."
                            .formatted(data.path(), found, binaries.major()));
        }
    }

    private void checkOwner(OsUser user) throws IOException {
        int owner = FileAccess.of(path).uid();
        if (owner == user.uid()) {
            return;
        }
        if (!OsUser.current().isRoot()) {
            throw new EmbeddedDatabaseException(
                    "The database in %s belongs to user number %d, and the ledger runs as number %d. Run it as that user or as root."
                            .formatted(path, owner, user.uid()));
        }
        LOG.info("Giving {} to user number {}", path, user.uid());
        stopLeftBehind();
        FileAccess.changeOwner(path, user.uid(), user.gid());
    }
}

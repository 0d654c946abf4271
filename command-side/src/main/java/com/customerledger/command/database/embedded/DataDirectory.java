package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger's data directory, held by this process alone until {@link #close}. An operating system's lock says who holds it, so it is free
 * again the moment its holder dies, however it died. Thread-safe.
 */
public final class DataDirectory implements AutoCloseable {

    /** How long a start waits for a command that holds the directory, and a command for another one or for a server that is starting. */
    static final Duration HOLDER_WAIT_MAX = Duration.ofSeconds(60);

    /** How long a second server looks again before it gives up: the first may be a process that was killed and is still dying. */
    static final Duration SERVER_GONE_WAIT_MAX = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final long POLL_MS = 50;
    private static final Duration QUIET_WAIT = Duration.ofSeconds(2);
    private static final String LOCK_FILE = "ledger.lock";
    private static final String HOLDER_FILE = "ledger.holder";
    private static final String DATABASE_FILE = "database.properties";

    /**
     * The directories that this process holds. POSIX drops a process's lock on a file when it closes any descriptor of that file, so a
     * second attempt in this process must not even open it.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path path;
    private final Holder holder;
    private final FileChannel channel;
    private final FileLock lock;
    private boolean closed;

    private DataDirectory(Path path, Holder holder, FileChannel channel, FileLock lock) {
        this.path = path;
        this.holder = holder;
        this.channel = channel;
        this.lock = lock;
    }

    /** What a short-lived command finds in a data directory. */
    public sealed interface Opened {

        /** Nobody used the directory; the command holds it now and must close it. */
        record Held(DataDirectory directory) implements Opened {}

        /** A server uses the directory, and this is its database. */
        record Served(DatabaseAccess database) implements Opened {}
    }

    private enum Kind {
        SERVE,
        COMMAND
    }

    private record Holder(long pid, Kind kind, String token) {

        String toProperties() {
            return "pid=%d%nkind=%s%ntoken=%s%n".formatted(pid, kind.name().toLowerCase(Locale.ROOT), token);
        }

        static Optional<Holder> fromProperties(String text) throws IOException {
            Properties properties = new Properties();
            properties.load(new StringReader(text));
            String pid = properties.getProperty("pid", "");
            String token = properties.getProperty("token");
            if (token == null || !pid.matches("[0-9]{1,18}")) {
                return Optional.empty();
            }
            Kind kind = "serve".equals(properties.getProperty("kind")) ? Kind.SERVE : Kind.COMMAND;
            return Optional.of(new Holder(Long.parseLong(pid), kind, token));
        }

        boolean isAlive() {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    /**
     * Takes the directory for a server, and makes it with mode 700 where it is missing. Waits up to 60 s for a short-lived command that
     * holds it.
     *
     * @throws EmbeddedDatabaseException when another living server holds it, or it cannot be used; the message says which process or why
     */
    public static DataDirectory openForServe(Path directory) {
        return openForServe(directory, HOLDER_WAIT_MAX, SERVER_GONE_WAIT_MAX);
    }

    static DataDirectory openForServe(Path directory, Duration waitMax, Duration serverGoneWaitMax) {
        Path path = makeDirectory(directory);
        Waiting waiting = new Waiting(path);
        while (true) {
            DataDirectory taken = tryTake(path, Kind.SERVE);
            if (taken != null) {
                return taken;
            }
            Optional<Holder> holder = livingHolder(path);
            if (holder.isPresent() && holder.get().kind() == Kind.SERVE && waiting.longerThan(serverGoneWaitMax)) {
                throw new EmbeddedDatabaseException(
                        "The data directory %s is in use by a running ledger, process %d. Stop that one first, or give this one a directory of its own (LEDGER_DATA_DIR)."
                                .formatted(path, holder.get().pid()));
            }
            waiting.atMost(waitMax, holder);
        }
    }

    /**
     * Finds the directory's running server, or takes the directory for the duration of a command. Waits up to 60 s for another command, or
     * for a server that is still starting.
     *
     * @throws EmbeddedDatabaseException when the wait was in vain, or the directory cannot be used; the message says which process or why
     */
    public static Opened openForCommand(Path directory) {
        return openForCommand(directory, HOLDER_WAIT_MAX);
    }

    static Opened openForCommand(Path directory, Duration waitMax) {
        Path path = makeDirectory(directory);
        Waiting waiting = new Waiting(path);
        while (true) {
            DataDirectory taken = tryTake(path, Kind.COMMAND);
            if (taken != null) {
                return new Opened.Held(taken);
            }
            Optional<Holder> holder = livingHolder(path);
            if (holder.isPresent() && holder.get().kind() == Kind.SERVE) {
                Optional<DatabaseAccess> access = read(path, DATABASE_FILE)
                        .flatMap(text ->
                                DatabaseAccess.fromProperties(text, holder.get().token()));
                if (access.isPresent()) {
                    return new Opened.Served(access.get());
                }
            }
            waiting.atMost(waitMax, holder);
        }
    }

    /** The directory's real, absolute path. */
    public Path path() {
        return path;
    }

    /** Writes or replaces a file in the directory that only its owner may read; see {@link SecretFile#write}. */
    public void writeSecret(String fileName, String content) {
        SecretFile.write(path.resolve(fileName), content);
    }

    /** Tells commands where the holder's database is, from now on until {@link #withdraw} or the holder's death. */
    void publish(DatabaseAccess access) {
        writeSecret(DATABASE_FILE, access.toProperties(holder.token()));
    }

    void withdraw() {
        delete(DATABASE_FILE);
    }

    /** Gives the directory up. Doing so again has no effect. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        synchronized (HELD) {
            delete(HOLDER_FILE);
            try {
                lock.release();
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot release " + path.resolve(LOCK_FILE), e);
            } finally {
                HELD.remove(path);
            }
        }
    }

    private void delete(String fileName) {
        try {
            Files.deleteIfExists(path.resolve(fileName));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path.resolve(fileName), e);
        }
    }

    private static Path makeDirectory(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Path parent = absolute.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(absolute)) {
                    throw new EmbeddedDatabaseException(
                            "The data directory %s is not a directory. Set LEDGER_DATA_DIR to one.".formatted(absolute),
                            e);
                }
            }
            return absolute.toRealPath();
        } catch (AccessDeniedException e) {
            throw notAllowed(absolute, e);
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("The data directory %s cannot be used: %s".formatted(absolute, e), e);
        }
    }

    private static EmbeddedDatabaseException notAllowed(Path directory, IOException cause) {
        return new EmbeddedDatabaseException(
                "The data directory %s cannot be used: the user '%s' may not write to %s. Run the ledger as the directory's owner, or set LEDGER_DATA_DIR to another one."
                        .formatted(directory, System.getProperty("user.name"), cause.getMessage()),
                cause);
    }

    private static @Nullable DataDirectory tryTake(Path path, Kind kind) {
        synchronized (HELD) {
            if (HELD.contains(path)) {
                return null;
            }
            FileChannel channel = null;
            DataDirectory taken = null;
            try {
                channel = FileChannel.open(
                        path.resolve(LOCK_FILE),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    Holder holder = new Holder(
                            ProcessHandle.current().pid(),
                            kind,
                            UUID.randomUUID().toString());
                    SecretFile.write(path.resolve(HOLDER_FILE), holder.toProperties());
                    taken = new DataDirectory(path, holder, channel, lock);
                    HELD.add(path);
                }
                return taken;
            } catch (AccessDeniedException e) {
                throw notAllowed(path, e);
            } catch (IOException | UncheckedIOException e) {
                throw new EmbeddedDatabaseException("The data directory %s cannot be locked: %s".formatted(path, e), e);
            } finally {
                if (taken == null && channel != null) {
                    close(channel);
                }
            }
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("Cannot close {}", LOCK_FILE, e);
        }
    }

    /** Who holds the directory; empty while it changes hands. The lock alone decides, this is for messages and for commands. */
    private static Optional<Holder> livingHolder(Path path) {
        Optional<String> text = read(path, HOLDER_FILE);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Holder.fromProperties(text.get()).filter(Holder::isAlive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> read(Path path, String fileName) {
        try {
            return Optional.of(Files.readString(path.resolve(fileName)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Cannot read %s: %s".formatted(path.resolve(fileName), e), e);
        }
    }

    /** One bounded wait for the directory's holder, told to the user when it takes longer than a moment. */
    private static final class Waiting {

        private final Path path;
        private final long startNanos = System.nanoTime();
        private boolean told;

        Waiting(Path path) {
            this.path = path;
        }

        boolean longerThan(Duration duration) {
            return System.nanoTime() - startNanos > duration.toNanos();
        }

        void atMost(Duration max, Optional<Holder> holder) {
            String who = holder.map(it -> "%s, process %d"
                            .formatted(it.kind() == Kind.SERVE ? "a running ledger" : "a ledger command", it.pid()))
                    .orElse("another process");
            if (longerThan(max)) {
                throw new EmbeddedDatabaseException(
                        "The data directory %s is in use by %s, and its database was not to be had within %d s. Try again when it has ended."
                                .formatted(path, who, max.toSeconds()));
            }
            if (!told && longerThan(QUIET_WAIT)) {
                told = true;
                LOG.info("Waiting for {}, which uses {}", who, path);
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                throw EmbeddedDatabaseException.interrupted(e);
            }
        }
    }
}

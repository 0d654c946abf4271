package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL for tests, of any module: one server a JVM, started when it is first asked for, in a temporary directory that is gone
 * when the JVM ends. It does not survive a power cut; apart from that it is the one that ships. Thread-safe.
 */
public final class TestPostgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestPostgres() {}

    /**
     * Makes an empty database with the roles that the embedded one has: the owner, who may make schemas in it, and the application, who may
     * connect. The roles are the same in all of them.
     */
    public static DatabaseAccess newDatabase() {
        EmbeddedPostgres postgres = Running.POSTGRES;
        DatabaseAccess access = postgres.access();
        String name = "test_" + DATABASES.incrementAndGet();
        int port = Integer.parseInt(access.jdbcUrl().replaceAll(".*:([0-9]+)/.*", "$1"));
        try (Connection connection = LedgerDatabase.connect(port, postgres.superuser())) {
            LedgerDatabase.ensureDatabase(connection, name);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot make database " + name, e);
        }
        return new DatabaseAccess(LedgerDatabase.url(port, name), access.owner(), access.application());
    }

    /**
     * Starts a server of the caller's own, which keeps what it committed when it is killed, in an empty directory. The caller ends both.
     */
    public static EmbeddedPostgres startAnother(DataDirectory directory) {
        return EmbeddedPostgres.start(directory, new ServerSettings(null, true, sharedBinariesDirectory()));
    }

    /** Where tests unpack PostgreSQL's programs, so that not each of them does so anew. */
    static Path sharedBinariesDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Loaded when the first database is asked for. */
    private static final class Running {

        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                Path path = Files.createTempDirectory("ledger-test-postgresql-");
                DataDirectory directory = DataDirectory.openForServe(path);
                EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(directory, new ServerSettings(null, false, sharedBinariesDirectory()));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, directory), "end-test-postgresql"));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void end(EmbeddedPostgres postgres, DataDirectory directory) {
            postgres.close();
            directory.close();
            try {
                FileAccess.deleteTree(directory.path());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

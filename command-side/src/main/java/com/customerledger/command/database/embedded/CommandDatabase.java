package com.customerledger.command.database.embedded;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The embedded database as a short-lived command uses it: that of the running server, or one that this command starts for its own duration.
 * Thread-safe.
 */
public final class CommandDatabase implements AutoCloseable {

    private final DatabaseAccess access;
    private final @Nullable DataDirectory directory;
    private final @Nullable EmbeddedPostgres postgres;

    private CommandDatabase(
            DatabaseAccess access, @Nullable DataDirectory directory, @Nullable EmbeddedPostgres postgres) {
        this.access = access;
        this.directory = directory;
        this.postgres = postgres;
    }

    /**
     * Finds or starts the database of a data directory, which is made where it is missing. Waits up to 60 s for another command or for a
     * server that is starting.
     *
     * @param osUser as for {@link EmbeddedPostgres#start(DataDirectory, String)}
     * @throws EmbeddedDatabaseException when it is not to be had; the message says why
     */
    public static CommandDatabase open(Path dataDirectory, @Nullable String osUser) {
        DataDirectory.Opened opened = DataDirectory.openForCommand(dataDirectory);
        if (opened instanceof DataDirectory.Opened.Served served) {
            return new CommandDatabase(served.database(), null, null);
        }
        DataDirectory directory = ((DataDirectory.Opened.Held) opened).directory();
        boolean started = false;
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, osUser);
            started = true;
            return new CommandDatabase(postgres.access(), directory, postgres);
        } finally {
            if (!started) {
                directory.close();
            }
        }
    }

    /** How to connect. */
    public DatabaseAccess access() {
        return access;
    }

    /** Whether a running server's database is used, so that its nodes see what is written at once. */
    public boolean isServed() {
        return postgres == null;
    }

    /** Stops what this command started, and leaves a running server's database alone. */
    @Override
    public void close() {
        try {
            if (postgres != null) {
                postgres.close();
            }
        } finally {
            if (directory != null) {
                directory.close();
            }
        }
    }
}

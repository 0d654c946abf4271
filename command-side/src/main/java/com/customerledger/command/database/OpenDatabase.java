package com.customerledger.command.database;

import com.customerledger.command.database.embedded.CommandDatabase;
import com.customerledger.command.database.embedded.Credentials;
import com.customerledger.command.database.embedded.DataDirectory;
import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.EmbeddedPostgres;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database of this process for as long as it runs, and the data directory that a server holds. */
final class OpenDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenDatabase.class);
    private static final Set<String> ROLES = Set.of("command", "query");

    private final LedgerDatabase database;
    private final Deque<AutoCloseable> open;

    private OpenDatabase(LedgerDatabase database, Deque<AutoCloseable> open) {
        this.database = database;
        this.open = open;
    }

    /** Starts, finds or names the database that the settings ask for. */
    static OpenDatabase open(DatabaseSettings settings) {
        check(settings);
        Deque<AutoCloseable> open = new ArrayDeque<>();
        boolean done = false;
        try {
            LedgerDatabase database = settings.database().url() == null
                            || settings.database().url().isBlank()
                    ? embedded(settings, open)
                    : external(settings, settings.database().url(), open);
            done = true;
            return new OpenDatabase(database, open);
        } finally {
            if (!done) {
                closeAll(open);
            }
        }
    }

    private static void check(DatabaseSettings settings) {
        if (settings.roles().isEmpty() || !ROLES.containsAll(settings.roles())) {
            throw new IllegalArgumentException("LEDGER_ROLES must be command, query, or both separated by a comma");
        }
        String url = settings.database().url();
        if (!settings.roles().equals(ROLES) && (url == null || url.isBlank())) {
            throw new IllegalArgumentException(
                    "LEDGER_ROLES other than both needs an external database: set LEDGER_DATABASE_URL");
        }
        if (url != null && !url.isBlank() && !url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("LEDGER_DATABASE_URL must begin with jdbc:postgresql:");
        }
    }

    private static LedgerDatabase embedded(DatabaseSettings settings, Deque<AutoCloseable> open) {
        if (!settings.serve()) {
            CommandDatabase found =
                    CommandDatabase.open(settings.dataDir(), settings.database().osUser());
            open.push(found);
            return database(found.access());
        }
        DataDirectory directory = DataDirectory.openForServe(settings.dataDir());
        open.push(directory);
        EmbeddedPostgres postgres =
                EmbeddedPostgres.start(directory, settings.database().osUser());
        open.push(postgres);
        return database(postgres.access());
    }

    private static LedgerDatabase external(DatabaseSettings settings, String url, Deque<AutoCloseable> open) {
        if (settings.serve()) {
            // Its files are this node's own, also where the database is somewhere else.
            open.push(DataDirectory.openForServe(settings.dataDir()));
        }
        DatabaseSettings.Database given = settings.database();
        Role application = new Role(userOr(given.user(), System.getProperty("user.name")), given.password());
        boolean owned = given.ownerUser() != null && !given.ownerUser().isBlank();
        Role owner = owned ? new Role(userOr(given.ownerUser(), ""), given.ownerPassword()) : application;
        if (settings.serve() && !owned) {
            LOG.warn("No owner role is set (LEDGER_DATABASE_OWNER_USER): the application's role owns the event table,"
                    + " and triggers alone guard the events against it");
        }
        return new LedgerDatabase(url, owner, application, false);
    }

    private static String userOr(@Nullable String user, String other) {
        return user == null || user.isBlank() ? other : user;
    }

    private static LedgerDatabase database(DatabaseAccess access) {
        return new LedgerDatabase(access.jdbcUrl(), role(access.owner()), role(access.application()), true);
    }

    private static Role role(Credentials credentials) {
        return new Role(credentials.user(), credentials.password());
    }

    LedgerDatabase database() {
        return database;
    }

    @Override
    public void close() {
        closeAll(open);
    }

    private static void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.error("The database could not be closed in order", e);
            }
        }
    }
}

package com.customerledger.command.database;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A server's database while it is opened on a thread of its own. PostgreSQL starts while Spring reads its configuration:
 * neither needs the other, and each is a good part of a start. Thread-safe.
 */
final class DatabaseOpening implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseOpening.class);

    private final CompletableFuture<OpenDatabase> opened = new CompletableFuture<>();
    private final Thread thread;

    private DatabaseOpening(DatabaseSettings settings) {
        this.thread = new Thread(() -> open(settings), "database-opening");
        thread.setDaemon(true);
    }

    static DatabaseOpening begin(DatabaseSettings settings) {
        DatabaseOpening opening = new DatabaseOpening(settings);
        opening.thread.start();
        return opening;
    }

    private void open(DatabaseSettings settings) {
        try {
            opened.complete(OpenDatabase.open(settings));
        } catch (RuntimeException | Error failure) {
            opened.completeExceptionally(failure);
        }
    }

    /** Waits for the database; what keeps it from being opened is thrown here. */
    OpenDatabase await() {
        try {
            return opened.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("The database could not be opened", failure.getCause());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the database is opened", ending);
        }
    }

    /** Closes the database, and gives up opening it where that still goes on. Doing so again has no effect. */
    @Override
    public void close() {
        thread.interrupt();
        opened.thenAccept(OpenDatabase::close)
                .exceptionally(failure -> {
                    LOG.debug("There is no database to be closed", failure);
                    return null;
                })
                .join();
    }

    /** Begins as soon as the settings are known, before there is any bean. */
    static final class AtStart implements ApplicationContextInitializer<GenericApplicationContext> {

        AtStart() {}

        @Override
        public void initialize(GenericApplicationContext context) {
            DatabaseSettings settings =
                    Binder.get(context.getEnvironment()).bindOrCreate("ledger", DatabaseSettings.class);
            if (settings.serve()) {
                DatabaseOpening opening = begin(settings);
                String name = DatabaseOpening.class.getName();
                context.getDefaultListableBeanFactory().registerSingleton(name, opening);
                // Also when the context fails before any bean has asked for the database.
                context.getDefaultListableBeanFactory().registerDisposableBean(name, opening::close);
            }
        }
    }
}

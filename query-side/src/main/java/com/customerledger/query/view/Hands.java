package com.customerledger.query.view;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for one view, until it is closed, what nodes do: fills its generations and drops its retired ones, each after no
 * node did for a moment. For commands that work without a server.
 */
final class Hands {

    private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

    /** How long a generation is left to the nodes before it is filled here. */
    private static final long GRACE_MS = 1_500;

    private static final long POLL_MS = 50;
    private static final long RETRY_MS = 500;
    private static final long STOP_MAX_MS = 5_000;

    private final QueryDatabase database;
    private final String view;
    private final Wakeups wakeups = new Wakeups();
    private final Pause pause = new Pause();
    private final Runners runners;
    private final Map<Integer, Long> freeSinceNanos = new HashMap<>();
    private final Set<Integer> taken = new HashSet<>();
    private final Thread thread;

    private Hands(LedgerDatabase ledger, KnownViews views, String view) {
        this.database = new QueryDatabase(ledger, 1, 1, Duration.ofSeconds(1));
        this.view = view;
        this.runners = new Runners(database, views, wakeups, new DecidedHere(), new Board(), pause);
        this.thread = new Thread(this::run, "hands");
        thread.setDaemon(true);
    }

    /** Hands for the generations of that view. */
    static Hands lend(LedgerDatabase ledger, KnownViews views, String view) {
        Hands hands = new Hands(ledger, views, view);
        hands.thread.start();
        return hands;
    }

    private void run() {
        try {
            while (!pause.isOver()) {
                try (Connection connection = database.open("views", QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
                    while (!pause.isOver()) {
                        look(connection);
                        pause.take(POLL_MS);
                    }
                } catch (SQLException e) {
                    LOG.debug("the generations of {} can't be looked at now", view, e);
                    pause.take(RETRY_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Connection connection) throws SQLException {
        Generations.Snapshot snapshot = Generations.all(connection);
        wakeups.seen(snapshot.head());
        for (Generations.At at : snapshot.generations()) {
            Generation generation = at.generation();
            if (generation.view().equals(view) && (taken.contains(generation.id()) || isFree(connection, generation))) {
                taken.add(generation.id());
                // Which zone this ledger is in is for its nodes to say: a command must not give anything up.
                runners.see(at, generation.zone());
            }
        }
    }

    private boolean isFree(Connection connection, Generation generation) throws SQLException {
        long now = System.nanoTime();
        if (Generations.isOwned(connection, generation.id())) {
            freeSinceNanos.remove(generation.id());
            return false;
        }
        long since = freeSinceNanos.computeIfAbsent(generation.id(), id -> now);
        return now - since > TimeUnit.MILLISECONDS.toNanos(GRACE_MS);
    }

    /** When it returns, the generations are free for nodes. */
    void close() {
        pause.end();
        wakeups.committed();
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MAX_MS);
        try {
            join(thread, deadlineNanos);
            for (Thread runner : runners.threads()) {
                join(runner, deadlineNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }

    private static void join(Thread thread, long deadlineNanos) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
    }
}

package com.customerledger.query.view;

import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Generation.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a process that looks at the store and the registry again and again: it tells of what other processes
 * wrote, sees to it that every generation has its runner, and knows how the views are.
 */
final class Watcher implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    /** How often to look while somebody waits for a view that another process fills. */
    private static final long AWAITED_POLL_MS = 3;

    /** How often to look while this process commits: its views then read what is new, whoever wrote it. */
    private static final long BUSY_POLL_MS = 100;

    private static final long RETRY_MS = 200;
    private static final long ESTABLISH_RETRY_MS = 5_000;
    private static final long LAG_EVERY_MS = 1_000;

    private final QueryDatabase database;
    private final Runnable migration;
    private final KnownViews views;
    private final ZoneId zone;
    private final long pollMs;
    private final Duration standstill;
    private final Wakeups wakeups;
    private final Board board;
    private final Runners runners;
    private final Pause pause = new Pause();
    private final Map<Integer, Move> moves = new HashMap<>();
    private final Map<String, String> faultyViews = new TreeMap<>();
    private boolean migrated;
    private boolean established;
    private long establishedAtNanos;
    private long lookedAtNanos;
    private long lagAtNanos;
    private @Nullable String logged;
    private volatile @Nullable String databaseTrouble = "the views are not made yet";
    private volatile Report report = new Report(0, List.of(), Map.of(), Map.of(), List.of());

    /** Where a generation was last seen to move. */
    private record Move(long position, long atNanos) {}

    /** What the last look found. */
    record Report(
            long head,
            List<Generations.At> live,
            Map<Integer, Generations.Lag> lags,
            Map<Integer, Long> parked,
            List<String> troubles) {}

    /**
     * @param standstill how long a view may be behind without a move before that is trouble
     */
    Watcher(
            QueryDatabase database,
            Runnable migration,
            KnownViews views,
            ZoneId zone,
            long pollMs,
            Duration standstill,
            Wakeups wakeups,
            DecidedHere decided,
            Board board,
            Pause runnersPause) {
        this.database = database;
        this.migration = migration;
        this.views = views;
        this.zone = zone;
        this.pollMs = pollMs;
        this.standstill = standstill;
        this.wakeups = wakeups;
        this.board = board;
        this.runners = new Runners(database, views, wakeups, decided, board, runnersPause);
        board.onWaiting(pause::hasten);
    }

    void end() {
        pause.end();
    }

    /** The threads that fill generations; to be asked for after the end. */
    List<Thread> runners() {
        return runners.threads();
    }

    @Nullable String databaseTrouble() {
        return databaseTrouble;
    }

    Report report() {
        return report;
    }

    @Override
    public void run() {
        try {
            while (!pause.isOver()) {
                watchOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Watches until something fails. */
    private void watchOnce() throws InterruptedException {
        try {
            if (!migrated) {
                migration.run();
                migrated = true;
            }
            try (Connection connection = database.open("views", QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
                wakeups.reset(0);
                do {
                    establish(connection);
                    look(connection);
                    board.made();
                    recovered();
                } while (awaitDue());
            }
        } catch (SQLException | RuntimeException e) {
            failed(e);
            pause.take(RETRY_MS);
        }
    }

    /** Waits until it is time to look again; false at the end. */
    private boolean awaitDue() throws InterruptedException {
        do {
            pause.take(board.isAwaitedFromElsewhere() ? AWAITED_POLL_MS : pollMs);
        } while (!pause.isOver() && !isDue());
        return !pause.isOver();
    }

    /** Whether somebody waits for what others fill, or what others wrote may be unread, or other than events may be new. */
    private boolean isDue() {
        return board.isAwaitedFromElsewhere()
                || wakeups.sinceCommittedMillis() >= pollMs
                || System.nanoTime() - lookedAtNanos >= ms(BUSY_POLL_MS);
    }

    private void establish(Connection connection) throws SQLException {
        long now = System.nanoTime();
        if (established && (faultyViews.isEmpty() || now - establishedAtNanos < ms(ESTABLISH_RETRY_MS))) {
            return;
        }
        for (View view : views.newest()) {
            connection.setAutoCommit(false);
            try {
                Generations.establish(connection, view, zone);
                connection.commit();
                faultyViews.remove(view.name());
            } catch (SQLException e) {
                connection.rollback();
                if (QueryDatabase.isPassing(e)) {
                    throw e;
                }
                String fault = view.name() + " can't be made: SQLSTATE " + e.getSQLState();
                if (!fault.equals(faultyViews.put(view.name(), fault))) {
                    LOG.error("the tables of the view {} can't be made", view.name(), e);
                }
            } finally {
                connection.setAutoCommit(true);
            }
        }
        established = true;
        establishedAtNanos = now;
    }

    private void look(Connection connection) throws SQLException {
        Generations.Snapshot snapshot = Generations.all(connection);
        wakeups.seen(snapshot.head());
        long now = System.nanoTime();
        lookedAtNanos = now;
        List<String> troubles = new ArrayList<>(faultyViews.values());
        List<Generations.At> live = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (Generations.At at : snapshot.generations()) {
            Generation generation = at.generation();
            ids.add(generation.id());
            runners.see(at, zone);
            if (generation.state() == State.LIVE) {
                live.add(at);
                troubles.addAll(troubles(at, views.of(generation), board.progress(generation), snapshot.head(), now));
            }
        }
        runners.keep(ids);
        moves.keySet().retainAll(ids);
        Map<Integer, Generations.Lag> lags = report.lags();
        Map<Integer, Long> parked = report.parked();
        if (now - lagAtNanos > ms(LAG_EVERY_MS)) {
            lags = Generations.lags(connection, live, snapshot.head());
            parked = Letters.counts(connection);
            lagAtNanos = now;
        }
        report = new Report(snapshot.head(), live, lags, parked, troubles);
    }

    private List<String> troubles(Generations.At at, @Nullable View view, Progress progress, long head, long now) {
        Generation generation = at.generation();
        if (view == null) {
            return said(generation + " is of a revision that this version of the program does not have");
        }
        if (view.hasZone() && !generation.zone().equals(zone)) {
            return said(generation + " is filled for the zone " + generation.zone() + ", not for this node's");
        }
        if (at.position() >= head) {
            moves.remove(generation.id());
            return List.of();
        }
        Move move = moves.get(generation.id());
        if (move == null || move.position() != at.position()) {
            moves.put(generation.id(), new Move(at.position(), now));
        }
        String trouble = progress.trouble();
        if (trouble != null) {
            return List.of(trouble);
        }
        if (move != null && move.position() == at.position() && now - move.atNanos() > standstill.toNanos()) {
            return said(generation + " is behind and has not moved for " + standstill.toSeconds() + " s");
        }
        return List.of();
    }

    /** Logs a trouble that begins; those that a runner or this one met as an exception are logged there. */
    private List<String> said(String trouble) {
        if (!report.troubles().contains(trouble)) {
            LOG.warn("{}", trouble);
        }
        return List.of(trouble);
    }

    private void failed(Exception error) {
        databaseTrouble = "the views can't be looked at: " + error.getClass().getSimpleName();
        String cause = error.getClass().getName() + ": " + error.getMessage();
        if (cause.equals(logged)) {
            return;
        }
        logged = cause;
        if (error instanceof SQLException sql && QueryDatabase.isPassing(sql)) {
            LOG.warn("the views can't be looked at until the database answers: {}", error.getMessage());
        } else {
            LOG.error("the views can't be looked at, which is tried again and again", error);
        }
    }

    private void recovered() {
        databaseTrouble = null;
        if (logged != null) {
            logged = null;
            LOG.info("the views can be looked at again");
        }
    }

    private static long ms(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}

package com.customerledger.query.view;

import com.customerledger.events.Handover;
import com.customerledger.events.HeadSignal;
import com.customerledger.events.query.ViewsHealth;
import com.customerledger.query.database.QueryDatabase;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * All views of one process: fills those that it owns, from its start to its stop, and lets queries in. The database may
 * be down at the start and at any time later; whatever fails is tried again and again. Thread-safe.
 */
public final class Views implements SmartLifecycle, ViewsHealth {

    /** How long a view may be behind without a move before that is trouble. */
    private static final Duration STANDSTILL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Views.class);

    private static final long STOP_MAX_MS = 5_000;

    private final Wakeups wakeups = new Wakeups();
    private final DecidedHere decided = new DecidedHere();
    private final Board board = new Board();
    private final QueryDatabase database;
    private final Runnable migration;
    private final KnownViews known;
    private final ZoneId zone;
    private final long pollMs;
    private final Duration standstill;
    private final Freshness freshness;
    private volatile @Nullable Running running;

    /** From a start to its stop. */
    private record Running(Watcher watcher, Thread thread, Pause runnersPause) {}

    /**
     * @param migration makes the fixed tables; called until it succeeds
     * @param views every view of this version of the program
     * @param zone the zone of the times in answers
     * @param poll how often to look for what other processes wrote
     * @param waitMax how long a query waits for views that are behind
     */
    public Views(
            QueryDatabase database,
            Runnable migration,
            Collection<? extends View> views,
            ZoneId zone,
            Duration poll,
            Duration waitMax) {
        this(database, migration, views, zone, poll, waitMax, STANDSTILL);
    }

    Views(
            QueryDatabase database,
            Runnable migration,
            Collection<? extends View> views,
            ZoneId zone,
            Duration poll,
            Duration waitMax,
            Duration standstill) {
        this.database = database;
        this.migration = migration;
        this.known = new KnownViews(views);
        this.zone = zone;
        this.pollMs = poll.toMillis();
        this.standstill = standstill;
        this.freshness = new Freshness(database, known, zone, waitMax, wakeups, board);
    }

    /** To be called after each commit of this process. */
    public HeadSignal headSignal() {
        return wakeups;
    }

    /** To be told of what this process decides, before it is stored. */
    public Handover handover() {
        return decided;
    }

    /** Tells those that wait for events, whichever process writes them. */
    public News news() {
        return wakeups;
    }

    /** Lets queries in. */
    public Freshness freshness() {
        return freshness;
    }

    /**
     * Waits until the tables of every view are there.
     *
     * @param deadlineNanos by {@link System#nanoTime}
     * @return whether they are
     */
    public boolean awaitMade(long deadlineNanos) throws InterruptedException {
        return board.awaitMade(deadlineNanos);
    }

    @Override
    public List<String> troubles() {
        Running now = running;
        if (now == null) {
            return List.of("the views are not running");
        }
        String trouble = now.watcher().databaseTrouble();
        if (trouble != null) {
            return List.of(trouble);
        }
        return database.connected()
                ? now.watcher().report().troubles()
                : List.of("queries have no connection to the database");
    }

    @Override
    public List<ViewHealth> views() {
        Running now = running;
        return now == null ? List.of() : views(now.watcher().report());
    }

    private List<ViewHealth> views(Watcher.Report report) {
        List<ViewHealth> views = new ArrayList<>();
        for (Generations.At at : report.live()) {
            Generation generation = at.generation();
            Progress progress = board.progress(generation);
            Generations.Lag lag = report.lags().getOrDefault(generation.id(), new Generations.Lag(0, 0));
            views.add(new ViewHealth(
                    generation.view(),
                    generation.number(),
                    progress.isOwnedHere(),
                    progress.position(),
                    report.head(),
                    lag.events(),
                    lag.millis(),
                    report.parked().getOrDefault(generation.id(), 0L),
                    progress.trouble()));
        }
        return views;
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            Pause runnersPause = new Pause();
            Watcher watcher = new Watcher(
                    database, migration, known, zone, pollMs, standstill, wakeups, decided, board, runnersPause);
            Thread thread = new Thread(watcher, "views");
            thread.setDaemon(true);
            running = new Running(watcher, thread, runnersPause);
            thread.start();
        }
    }

    /** When it returns, the views of this process are free for other nodes. */
    @Override
    public synchronized void stop() {
        Running ending = running;
        if (ending == null) {
            return;
        }
        ending.watcher().end();
        ending.runnersPause().end();
        wakeups.committed();
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MAX_MS);
        try {
            join(ending.thread(), deadlineNanos);
            for (Thread runner : ending.watcher().runners()) {
                join(runner, deadlineNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = null;
    }

    private static void join(Thread thread, long deadlineNanos) throws InterruptedException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        thread.join(Math.max(1, millis));
        if (thread.isAlive()) {
            LOG.warn("the thread {} did not end in time; its transaction ends with the process", thread.getName());
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** Before the web server at the start, after it at the stop. */
    @Override
    public int getPhase() {
        return 0;
    }
}

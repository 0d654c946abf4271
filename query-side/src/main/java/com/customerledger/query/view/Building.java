package com.customerledger.query.view;

import com.customerledger.query.database.CopiedRows;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import com.customerledger.query.view.Generation.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is special while a generation is filled that answers nothing yet: bigger batches that are read ahead, keys and
 * indexes made once they are needed, and consideration for the commands. Of any other generation it asks nothing. For the
 * thread of the one that fills.
 */
final class Building implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Building.class);

    private static final int EVENTS_MAX = 10_000;

    /** How many events one batch has at least, however hard the commands are pressed. */
    private static final int EVENTS_MIN = 500;

    /** A batch smaller than that is the end of catching up. */
    private static final int CAUGHT_UP_EVENTS = 1_000;

    private static final long PAUSE_MIN_MS = 20;
    private static final long PAUSE_MAX_MS = 2_000;

    /** How long a set of indexes may take to be made. */
    private static final int INDEXES_MAX_SECONDS = (int) TimeUnit.HOURS.toSeconds(6);

    private final Generation generation;
    private final Generations.Build build;
    private final @Nullable CommitProbe probe;
    private final @Nullable ReadAhead ahead;
    private boolean hasKeys;
    private boolean over;
    private volatile int eventsMax;
    private long pauseMs;

    private Building(QueryDatabase database, View view, Generations.At at, Generations.Build build) {
        this.generation = at.generation();
        this.build = build;
        this.over = generation.state() != State.BUILDING;
        this.hasKeys = build.keys().isEmpty();
        this.probe = over || build.maxP99Ms() == null ? null : CommitProbe.start(database);
        // With an eye on the commands it begins gently.
        this.eventsMax = over ? Tail.EVENTS_MAX : probe == null ? EVENTS_MAX : EVENTS_MIN;
        this.ahead = over
                ? null
                : ReadAhead.start(database, generation, at.position(), this::eventsMax, EVENTS_MIN, view::makeOut);
    }

    /** Begins or goes on, at that position. */
    static Building of(Connection connection, QueryDatabase database, View view, Generations.At at)
            throws SQLException {
        return new Building(
                database,
                view,
                at,
                Generations.build(connection, at.generation().id()));
    }

    /** How many events the next batch is to have. */
    int eventsMax() {
        return eventsMax;
    }

    /** The next batch of many; empty when there are no many left. */
    List<RecordedEvent> readAhead(Pause pause) throws SQLException, InterruptedException {
        return ahead == null ? List.of() : ahead.take(pause);
    }

    /**
     * Makes the keys, in the transaction of the batch, if there are none yet and the batch needs them.
     *
     * @param oneByOne whether the batch may be written event by event
     */
    void prepare(Connection connection, List<RecordedEvent> events, boolean oneByOne) throws SQLException {
        if (!hasKeys && (oneByOne || needsKeys(events))) {
            makeKeys(connection);
        }
    }

    /** Whether an event is of a customer whose first event came in an earlier batch, or so few come that they are not copied. */
    private static boolean needsKeys(List<RecordedEvent> events) {
        Set<String> begun = new HashSet<>();
        for (RecordedEvent event : events) {
            if (event.sequence() == 0) {
                begun.add(event.customerId());
            } else if (!begun.contains(event.customerId())) {
                return true;
            }
        }
        return begun.size() < CopiedRows.WORTH_WHILE;
    }

    private void makeKeys(Connection connection) throws SQLException {
        patiently(connection, () -> Generations.makeKeys(connection, generation, build));
        hasKeys = true;
    }

    /** Whether there is little left to read, for the first time. */
    boolean hasCaughtUp(Tail tail, List<RecordedEvent> events) {
        return !over && !tail.held() && events.size() < Math.min(CAUGHT_UP_EVENTS, eventsMax);
    }

    /** Makes the indexes, in the transaction of the batch that the connection is in. What comes now is no burden. */
    void complete(Connection connection) throws SQLException {
        over = true;
        close();
        if (!hasKeys) {
            makeKeys(connection);
        }
        if (!build.indexes().isEmpty()) {
            patiently(connection, () -> Generations.makeIndexes(connection, generation, build));
        }
        LOG.info("{} has caught up and has its indexes", generation);
    }

    /** What takes its time. */
    @FunctionalInterface
    private interface Making {
        void run() throws SQLException;
    }

    private static void patiently(Connection connection, Making making) throws SQLException {
        int silenceMaxMs = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(INDEXES_MAX_SECONDS));
        making.run();
        connection.setNetworkTimeout(Runnable::run, silenceMaxMs);
    }

    /** Waits, between two batches, as long as it takes to leave the commands their time. */
    void restrain(Pause pause) throws InterruptedException {
        Integer maxP99Ms = build.maxP99Ms();
        if (over || probe == null || maxP99Ms == null) {
            return;
        }
        if (probe.p99Micros() > TimeUnit.MILLISECONDS.toMicros(maxP99Ms)) {
            pauseMs = Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, pauseMs * 2));
            eventsMax = Math.max(EVENTS_MIN, eventsMax / 2);
        } else {
            pauseMs = pauseMs < PAUSE_MIN_MS ? 0 : pauseMs / 2;
            eventsMax = Math.min(EVENTS_MAX, eventsMax + EVENTS_MIN);
        }
        if (pauseMs > 0) {
            pause.take(pauseMs);
        }
    }

    @Override
    public void close() {
        if (probe != null) {
            probe.close();
        }
        if (ahead != null) {
            ahead.close();
        }
    }
}

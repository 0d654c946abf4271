package com.customerledger.query.view;

import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import com.customerledger.query.view.Generation.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is special while a generation is filled that answers nothing yet: bigger batches, indexes made once it has caught
 * up, and consideration for the commands. Of any other generation it asks nothing. For the thread of the one that fills.
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
    private boolean over;
    private int eventsMax;
    private long pauseMs;

    private Building(Generation generation, Generations.Build build, @Nullable CommitProbe probe, int eventsMax) {
        this.generation = generation;
        this.build = build;
        this.probe = probe;
        this.over = generation.state() != State.BUILDING;
        this.eventsMax = eventsMax;
    }

    static Building of(Connection connection, QueryDatabase database, Generation generation) throws SQLException {
        Generations.Build build = Generations.build(connection, generation.id());
        boolean isBuilding = generation.state() == State.BUILDING;
        CommitProbe probe = isBuilding && build.maxP99Ms() != null ? CommitProbe.start(database) : null;
        // With an eye on the commands it begins gently.
        int eventsMax = !isBuilding ? Tail.EVENTS_MAX : probe == null ? EVENTS_MAX : EVENTS_MIN;
        return new Building(generation, build, probe, eventsMax);
    }

    /** How many events the next batch is to have. */
    int eventsMax() {
        return eventsMax;
    }

    /** Whether there is little left to read, for the first time. */
    boolean hasCaughtUp(Tail tail, List<RecordedEvent> events) {
        return !over && !tail.held() && events.size() < Math.min(CAUGHT_UP_EVENTS, eventsMax);
    }

    /** Makes the indexes, in the transaction of the batch that the connection is in. What comes now is no burden. */
    void complete(Connection connection) throws SQLException {
        over = true;
        close();
        if (build.deferred().isEmpty()) {
            return;
        }
        int silenceMaxMs = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(INDEXES_MAX_SECONDS));
        Generations.complete(connection, generation, build);
        connection.setNetworkTimeout(Runnable::run, silenceMaxMs);
        LOG.info("{} has caught up and has its indexes", generation);
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
    }
}

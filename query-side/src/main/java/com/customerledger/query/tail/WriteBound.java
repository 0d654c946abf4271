package com.customerledger.query.tail;

import com.customerledger.events.UnavailableException;
import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Waits until a moment is past for every write. A write takes its events' time when it begins and sends its commit within
 * a bound, so one bound after a moment no other event of it can be sent; and those that were sent are waited for until
 * they have ended, because a commit can take the database longer than the write's patience. All that holds as long as
 * the nodes' clocks agree within that bound. Thread-safe.
 */
public final class WriteBound {

    /** Until when after a moment the database is asked who is still writing; nobody commits for longer. */
    private static final Duration ASKED_MAX = Duration.ofMinutes(10);

    private final QueryDatabase database;
    private final Clock clock;
    private final Duration bound;
    private final Duration writersWaitMax;

    /**
     * @param bound how long a write may last from the time of its events to its commit
     * @param writersWaitMax how long to wait beyond that for writes that have not ended
     */
    public WriteBound(QueryDatabase database, Clock clock, Duration bound, Duration writersWaitMax) {
        this.database = database;
        this.clock = clock;
        this.bound = bound;
        this.writersWaitMax = writersWaitMax;
    }

    /**
     * Waits until every event up to that moment that there will ever be is committed; holds no connection while it waits.
     *
     * @param moment in whole microseconds; events of that microsecond are waited for too
     * @throws UnavailableException when a write does not end in time
     */
    public void awaitPast(Instant moment) {
        Instant past = moment.plusNanos(1_000).plus(bound);
        try {
            Instant now = clock.instant();
            while (now.isBefore(past)) {
                TimeUnit.NANOSECONDS.sleep(Duration.between(now, past).toNanos());
                now = clock.instant();
            }
            if (now.isBefore(past.plus(ASKED_MAX))) {
                awaitWriters();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while writes were awaited", e);
        } catch (SQLException e) {
            if (QueryDatabase.isTableMissing(e)) {
                throw new UnavailableException("there is no store yet", e);
            }
            throw QueryDatabase.failed(e);
        }
    }

    private void awaitWriters() throws SQLException, InterruptedException {
        long deadlineNanos = System.nanoTime() + writersWaitMax.toNanos();
        Barrier barrier;
        try (Connection connection = database.query()) {
            barrier = Barrier.raise(connection);
        }
        while (!barrier.isDown()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new UnavailableException("a write that may belong to the moment has not ended", null);
            }
            TimeUnit.MILLISECONDS.sleep(Tail.PATIENCE_MS);
            try (Connection connection = database.query()) {
                barrier.look(connection);
            }
        }
    }
}

package com.customerledger.command.store;

import com.customerledger.events.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bound of a write, from the moment that its events bear to its commit. Past it the transaction's connection is cut,
 * so that all is rolled back, whatever the database's own timeouts are. Belongs to one unit of work and its thread.
 *
 * <p>It begins with the events' time, a little before the transaction's number is drawn: so an event is either there
 * one bound after its time, or never.
 */
public final class WriteDeadline implements Comparable<WriteDeadline> {

    private static final Logger LOG = LoggerFactory.getLogger(WriteDeadline.class);
    private static final String RESOURCE = WriteDeadline.class.getName();
    private static final long SERVER_EARLIER_MS = 20;

    private final ScheduledExecutorService watch;
    private final long endNanos;
    private final long maxMillis;
    private final Instant at;

    private WriteDeadline(ScheduledExecutorService watch, long maxMillis, Instant at) {
        this.watch = watch;
        this.maxMillis = maxMillis;
        this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        this.at = at;
    }

    /**
     * Takes the time of the current unit of work's events and begins its bound.
     *
     * @return the time, in whole microseconds
     */
    public static Instant begin(Clock clock, ScheduledExecutorService watch, long maxMillis) {
        WriteDeadline deadline =
                new WriteDeadline(watch, maxMillis, clock.instant().truncatedTo(ChronoUnit.MICROS));
        CurrentUnitOfWork.get().resources().put(RESOURCE, deadline);
        return deadline.at;
    }

    /** The bound of the current unit of work, which has begun. */
    static WriteDeadline current() {
        WriteDeadline deadline = CurrentUnitOfWork.get().getResource(RESOURCE);
        if (deadline == null) {
            throw new IllegalStateException("events are appended without a time");
        }
        return deadline;
    }

    /** The earlier one first. */
    @Override
    public int compareTo(WriteDeadline other) {
        return Long.signum(endNanos - other.endNanos);
    }

    /**
     * Cuts the connection when the bound is passed before the guard is closed.
     *
     * @throws UnavailableException when it is passed already
     */
    Guard guard(Connection connection) {
        check();
        Future<?> cut = watch.schedule(() -> cut(connection), endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        return new Guard(cut);
    }

    /** Watches over one append. */
    final class Guard implements AutoCloseable {

        private final Future<?> cut;

        private Guard(Future<?> cut) {
            this.cut = cut;
        }

        /**
         * After how many milliseconds, from now on, the server is to refuse what it has not finished: a little before the
         * connection is cut, so that nothing is committed whose sender was told that it was not.
         */
        long leftMillis() {
            return Math.max(0, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()) - SERVER_EARLIER_MS);
        }

        @Override
        public void close() {
            cut.cancel(false);
        }
    }

    /** Refuses to go on when the bound is passed. */
    private void check() {
        if (System.nanoTime() - endNanos >= 0) {
            throw new UnavailableException("a write took longer than " + maxMillis + " ms", null);
        }
    }

    private void cut(Connection connection) {
        LOG.warn("a write took longer than {} ms: its connection is cut, which rolls it back", maxMillis);
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.warn("the connection could not be cut", e);
        }
    }
}

package com.customerledger.query.view;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets the views of a process write many events one after the other. They rest together and share one reading, see
 * {@link Pace}, so that all of them would begin to write at once: for a while every processor would be theirs, and the
 * commands would wait, and then one would have nothing to do until the next round. In turns they take a part of the
 * processors all the time. A view waits for its turn for {@value #PATIENCE_MS} ms at the most, so that one that stands still
 * keeps no other from going on. Thread-safe.
 */
final class Turns {

    /** How many events make a round that waits for its turn: fewer are written in no time. */
    static final int EVENTS_MIN = 50;

    /** How long a view waits for its turn, in milliseconds: about as long as the others take together for a thousand events. */
    static final long PATIENCE_MS = 100;

    /** How often it looks meanwhile whether it has to wait any longer, in milliseconds. */
    private static final long LOOK_MS = 5;

    private final Semaphore free;

    /**
     * @param atOnce how many views write many events at once
     */
    Turns(int atOnce) {
        this.free = new Semaphore(atOnce, true);
    }

    /** For half of the processors: a round keeps about one busy, now here and now in the database. */
    static Turns ofThisMachine() {
        return new Turns(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /**
     * Waits for a turn, which is to be given back.
     *
     * @param isUrgent whether to wait no longer
     * @return false when there is none in time, or it is urgent: then the round goes on without
     */
    boolean take(BooleanSupplier isUrgent) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (!isUrgent.getAsBoolean() && System.nanoTime() - deadlineNanos < 0) {
            if (free.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    /** The round of a turn that was taken is over. */
    void giveBack() {
        free.release();
    }
}

package com.customerledger.query.view;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a view that has seen everything rests before it looks again. A round costs nearly the same for one event as for
 * fifty, so that under a steady load a view that never rested would spend most of the machine on rounds of a few events.
 * It rests many times as long as its last round took, and the longer the more events that had: an event that comes alone is
 * written within a few milliseconds of the one before it, however slow the round before it was, and of many the last is
 * written some {@value #REST_MAX_MS} ms later at the most. Whoever waits for the view ends its rest, see {@link Progress#rest}. For one thread.
 */
final class Pace {

    /** The longest rest, in milliseconds. */
    static final int REST_MAX_MS = 24;

    /** The rest after a round of events of which none was for the view, in milliseconds. */
    static final int REST_UNCONCERNED_MS = 50;

    private static final int ROUNDS_MAX = 16;
    private static final int ROUNDS_PER_EVENT = 4;
    private static final int MS_PER_EVENT = 6;

    private final LongSupplier nanos;
    private long begunAtNanos;

    /**
     * @param nanos the time, as by {@link System#nanoTime}
     */
    Pace(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A round begins. */
    void begin() {
        begunAtNanos = nanos.getAsLong();
    }

    /**
     * When the rest after the round that ends now is over, by {@link System#nanoTime}. Rests end at multiples of a power of
     * two, so that the views of a process begin their rounds together and share one reading of the events.
     *
     * @param events how many the round had
     */
    long restUntilNanos(int events) {
        long now = nanos.getAsLong();
        long rounds = Math.min(ROUNDS_MAX, (long) ROUNDS_PER_EVENT * events);
        long millis = TimeUnit.NANOSECONDS.toMillis(rounds * (now - begunAtNanos));
        if (millis == 0) {
            return now;
        }
        long restMillis = Math.min(millis, Math.min(REST_MAX_MS, (long) MS_PER_EVENT * events));
        long grainNanos = TimeUnit.MILLISECONDS.toNanos(Long.highestOneBit(Math.max(1, restMillis / 2)));
        return Math.floorDiv(now + TimeUnit.MILLISECONDS.toNanos(restMillis), grainNanos) * grainNanos;
    }

    /** The same after a round of events of which none was for the view: it shows nothing that it would not show after the next. */
    long restUnconcernedUntilNanos() {
        return nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(REST_UNCONCERNED_MS);
    }
}

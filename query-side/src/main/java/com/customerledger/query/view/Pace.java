package com.customerledger.query.view;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long a view that has seen everything rests before it looks again. A round costs nearly the same for one event as for
 * fifty, so that under a steady load a view that never rested would spend most of the machine on rounds of a few events.
 * It rests many times as long as its last round took: an event that comes alone is written at once, and of many the
 * last is written some {@value #REST_MAX_MS} ms later at the most. Whoever waits for the view ends its rest, see
 * {@link Progress#rest}. For one thread.
 */
final class Pace {

    /** The longest rest, in milliseconds. */
    static final int REST_MAX_MS = 32;

    private static final int REST_PER_ROUND = 16;

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
     * When the rest after the round that ends now is over, by {@link System#nanoTime}. Rests are powers of two and end at
     * their multiples, so that the views of a process begin their rounds together and share one reading of the events.
     */
    long restUntilNanos() {
        long now = nanos.getAsLong();
        long millis = TimeUnit.NANOSECONDS.toMillis(REST_PER_ROUND * (now - begunAtNanos));
        if (millis == 0) {
            return now;
        }
        long grainNanos = TimeUnit.MILLISECONDS.toNanos(Math.min(REST_MAX_MS, Long.highestOneBit(millis)));
        return (Math.floorDiv(now, grainNanos) + 1) * grainNanos;
    }
}

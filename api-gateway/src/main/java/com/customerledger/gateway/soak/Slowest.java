package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.Waiting;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The longest of many times. Thread-safe. */
final class Slowest {

    private final AtomicLong nanos = new AtomicLong();

    /** Takes down the time since then, by {@link System#nanoTime}, and gives it. */
    Duration since(long startNanos) {
        Duration took = Waiting.since(startNanos);
        nanos.accumulateAndGet(took.toNanos(), Math::max);
        return took;
    }

    /** The longest so far, zero before the first. */
    Duration get() {
        return Duration.ofNanos(nanos.get());
    }
}

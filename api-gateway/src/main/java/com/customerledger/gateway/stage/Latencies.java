package com.customerledger.gateway.stage;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Times that answers took. Thread-safe. */
public final class Latencies {

    private long[] nanos = new long[1_024];
    private int count;

    public synchronized void add(Duration took) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = took.toNanos();
    }

    /** Forgets them. */
    public synchronized void clear() {
        count = 0;
    }

    public synchronized int count() {
        return count;
    }

    /** What so many of a thousand, at least one, took at most; zero where there are none. */
    public synchronized Duration perMille(int part) {
        if (count == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[(int) (((long) count * part + 999) / 1_000) - 1]);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d, p50 %.1f ms, p99 %.1f ms, slowest %.1f ms",
                count(),
                perMille(500).toNanos() / 1e6,
                perMille(990).toNanos() / 1e6,
                perMille(1_000).toNanos() / 1e6);
    }
}

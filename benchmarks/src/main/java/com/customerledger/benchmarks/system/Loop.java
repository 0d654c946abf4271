package com.customerledger.benchmarks.system;

import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Latencies;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A closed loop: each of some connections does one thing after the other, the next as soon as the last is done. What was
 * begun in the time is waited for and counted.
 */
final class Loop {

    private static final Duration SLICE_MIN = Duration.ofMillis(250);
    private static final Duration SLICE_MAX = Duration.ofSeconds(3);
    private static final int SLICES_MAX = 24;

    /** A slice that costs no less than this part of the cheapest before it does not count as cheaper. */
    private static final double CHEAPER = 0.95;

    private static final int NO_CHEAPER_MAX = 3;

    private Loop() {}

    /** What one connection does, again and again. */
    interface Turn extends AutoCloseable {

        /** Does it once; false where it was put off and does not count. */
        boolean run() throws Exception;

        @Override
        default void close() throws IOException, SQLException {}
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Opening {
        Turn open(int connection) throws Exception;
    }

    /**
     * What came of it.
     *
     * @param count how many turns were done
     * @param putOff how many more were answered that the ledger can't just now
     * @param time from the first begin to the last end
     */
    record Measured(int count, int putOff, Duration time, Latencies latencies, Use use) {

        double perSecond() {
            return count / (time.toNanos() / 1e9);
        }

        /** The server's processors' time for one turn, in microseconds, or 0 where it is not known. */
        double serverMicros() {
            return use.isKnown() && count > 0 ? use.serverNanos() / 1e3 / count : 0;
        }

        /** The same of its PostgreSQL. */
        double postgresMicros() {
            return use.isKnown() && count > 0 ? use.postgresNanos() / 1e3 / count : 0;
        }
    }

    static Measured run(Bench bench, int connections, Duration time, Opening opening) throws Exception {
        Latencies latencies = new Latencies();
        AtomicInteger putOff = new AtomicInteger();
        AtomicLong firstBegin = new AtomicLong(Long.MAX_VALUE);
        AtomicLong lastEnd = new AtomicLong(Long.MIN_VALUE);
        CountDownLatch opened = new CountDownLatch(connections);
        CountDownLatch go = new CountDownLatch(1);
        // Times are told from here, since those of the clock may be of either sign.
        long origin = System.nanoTime();
        try (Crew crew = new Crew(bench.stage())) {
            for (int i = 0; i < connections; i++) {
                int connection = i;
                crew.start("load", () -> {
                    try (Turn turn = opening.open(connection)) {
                        opened.countDown();
                        go.await();
                        firstBegin.accumulateAndGet(System.nanoTime() - origin, Math::min);
                        while (crew.goesOn()) {
                            long start = System.nanoTime();
                            if (turn.run()) {
                                latencies.add(Waiting.since(start));
                            } else {
                                putOff.incrementAndGet();
                            }
                        }
                        lastEnd.accumulateAndGet(System.nanoTime() - origin, Math::max);
                    }
                });
            }
            crew.workUntil("all connections to be open", () -> opened.getCount() == 0);
            Use before = bench.use();
            go.countDown();
            crew.workFor(time);
            crew.stop();
            Use used = bench.use().since(before);
            return new Measured(
                    latencies.count(),
                    putOff.get(),
                    Duration.ofNanos(lastEnd.get() - firstBegin.get()),
                    latencies,
                    used);
        }
    }

    /** Goes on until a turn costs the server no less processors' time than before, or, where that is not told, no less time. */
    static void warmUp(Bench bench, int connections, Opening opening) throws Exception {
        Duration slice = bench.options().duration().dividedBy(4);
        slice = slice.compareTo(SLICE_MIN) < 0 ? SLICE_MIN : slice.compareTo(SLICE_MAX) > 0 ? SLICE_MAX : slice;
        double cheapest = Double.MAX_VALUE;
        int noCheaper = 0;
        int slices = 0;
        while (slices < SLICES_MAX && noCheaper < NO_CHEAPER_MAX) {
            Measured measured = run(bench, connections, slice, opening);
            double cost =
                    measured.serverMicros() > 0 ? measured.serverMicros() : 1e6 / Math.max(1e-3, measured.perSecond());
            noCheaper = cost > cheapest * CHEAPER ? noCheaper + 1 : 0;
            cheapest = Math.min(cheapest, cost);
            slices++;
        }
        bench.stage()
                .say("warmed up for %.1f s, %.0f µs a request".formatted(slices * slice.toMillis() / 1e3, cheapest));
    }
}

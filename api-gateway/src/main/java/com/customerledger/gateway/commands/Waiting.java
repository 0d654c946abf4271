package com.customerledger.gateway.commands;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says every two seconds what a command still waits for, while nothing can be counted. A short wait says nothing. */
final class Waiting {

    private static final long TOLD_EVERY_S = 2;

    private Waiting() {}

    /**
     * What the work gives.
     *
     * @param standardError where to say that it takes long
     * @param what such as "opening the database"
     */
    static <T> T during(PrintWriter standardError, String what, Supplier<T> work) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(ticking -> {
            Thread thread = new Thread(ticking, "waiting");
            thread.setDaemon(true);
            return thread;
        });
        long startedNs = System.nanoTime();
        var told = clock.scheduleAtFixedRate(
                () -> {
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNs);
                    standardError.println(what + ": " + seconds + " s");
                    standardError.flush();
                },
                TOLD_EVERY_S,
                TOLD_EVERY_S,
                TimeUnit.SECONDS);
        try {
            return work.get();
        } finally {
            told.cancel(false);
            clock.shutdownNow();
        }
    }
}

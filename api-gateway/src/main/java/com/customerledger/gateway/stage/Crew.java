package com.customerledger.gateway.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that put load on a ledger until they are told to stop, or one of them fails. For one thread to lead. */
public final class Crew implements AutoCloseable {

    private static final Duration STOP_MAX = Duration.ofSeconds(90);

    private static final Duration ENOUGH_MAX = Duration.ofMinutes(1);
    private static final Duration TOLD_EVERY = Duration.ofSeconds(10);

    private final Stage stage;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * @param stage is told how far they are
     */
    public Crew(Stage stage) {
        this.stage = stage;
    }

    /** What one of them does; it looks often whether to go on. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Starts one more. */
    public void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) { // Whatever it is, the leader must hear of it.
                        failure.compareAndSet(null, e);
                    }
                },
                "crew-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Whether to go on. */
    public boolean goesOn() {
        return !stopped && failure.get() == null;
    }

    /** Waits that long, unless one of them fails. */
    public void workFor(Duration time) throws InterruptedException {
        long start = System.nanoTime();
        Duration told = Duration.ZERO;
        Duration worked = Duration.ZERO;
        while (worked.compareTo(time) < 0 && failure.get() == null) {
            Thread.sleep(5);
            worked = Waiting.since(start);
            if (worked.minus(told).compareTo(TOLD_EVERY) > 0) {
                told = worked;
                stage.say("load for %d s of %d s".formatted(worked.toSeconds(), time.toSeconds()));
            }
        }
        rethrow();
    }

    /** Waits until that is so, a minute at the most. */
    public void workUntil(String what, Waiting.Condition condition) throws InterruptedException {
        workUntil(what, ENOUGH_MAX, condition);
    }

    /** Waits until that is so, that long at the most. */
    public void workUntil(String what, Duration max, Waiting.Condition condition) throws InterruptedException {
        Waiting.until(what, max, () -> failure.get() != null || condition.holds());
        rethrow();
    }

    /** Waits until all have ended by themselves. */
    public void join() throws InterruptedException {
        long start = System.nanoTime();
        for (Thread thread : threads) {
            thread.join(Math.max(1, STOP_MAX.minus(Waiting.since(start)).toMillis()));
            PlayFailure.unless(!thread.isAlive(), () -> "%s does not end".formatted(thread.getName()));
        }
        rethrow();
    }

    /** Tells them to stop, and waits until all have. */
    public void stop() throws InterruptedException {
        stopped = true;
        join();
    }

    private void rethrow() {
        Throwable thrown = failure.get();
        if (thrown instanceof PlayFailure seen) {
            throw seen;
        }
        if (thrown != null) {
            throw new PlayFailure("the load failed: " + thrown, thrown);
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
    }
}

package com.customerledger.query.view;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What this process knows of the generations: whether there are any, and the progress of each. Thread-safe. */
final class Board {

    private final Map<Integer, Progress> progresses = new ConcurrentHashMap<>();
    private final CountDownLatch made = new CountDownLatch(1);
    private volatile Runnable onWaiting = () -> {};

    /** From now on every view has a generation. */
    void made() {
        made.countDown();
    }

    /** Waits until every view has a generation; false when that takes longer. */
    boolean awaitMade(long deadlineNanos) throws InterruptedException {
        return made.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** What to do when somebody begins to wait for a generation that is filled elsewhere. */
    void onWaiting(Runnable action) {
        onWaiting = action;
    }

    Progress progress(Generation generation) {
        return progresses.computeIfAbsent(
                generation.id(), id -> new Progress(generation.state(), () -> onWaiting.run()));
    }

    boolean isAwaitedFromElsewhere() {
        return progresses.values().stream().anyMatch(Progress::isAwaitedFromElsewhere);
    }
}

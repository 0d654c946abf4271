package com.customerledger.query.view;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The progress of every generation that this process knows of. Thread-safe. */
final class Board {

    private final Map<Integer, Progress> progresses = new ConcurrentHashMap<>();
    private volatile Runnable onWaiting = () -> {};

    /** What to do when somebody begins to wait for a generation that is filled elsewhere. */
    void onWaiting(Runnable action) {
        onWaiting = action;
    }

    Progress progress(Generation generation) {
        return progresses.computeIfAbsent(generation.id(), id -> new Progress(() -> onWaiting.run()));
    }

    boolean isAwaitedFromElsewhere() {
        return progresses.values().stream().anyMatch(Progress::isAwaitedFromElsewhere);
    }
}

package com.customerledger.query.view;

import com.customerledger.query.view.Generation.State;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What this process knows of one generation: how far it has come, whether it is filled here, and who waits for it. Thread-safe. */
final class Progress {

    private final Runnable onWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Condition asked = lock.newCondition();
    private long position;
    private long wanted;
    private int waiting;
    private volatile boolean ownedHere;
    private volatile @Nullable String trouble;
    private volatile State state;

    /**
     * @param state what the generation is there for, as far as is known
     * @param onWaiting called when somebody begins to wait and the generation is filled elsewhere
     */
    Progress(State state, Runnable onWaiting) {
        this.state = state;
        this.onWaiting = onWaiting;
    }

    /** What the generation is there for, as it was last seen in the registry. */
    State state() {
        return state;
    }

    void setState(State newState) {
        state = newState;
    }

    /** The generation has come so far, or farther. */
    void reached(long newPosition) {
        lock.lock();
        try {
            if (newPosition > position) {
                position = newPosition;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The database has come so far only: what was reached beyond that is lost, and will be reached again. */
    void tookBack(long keptPosition) {
        lock.lock();
        try {
            position = Math.min(position, keptPosition);
        } finally {
            lock.unlock();
        }
    }

    long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    boolean isOwnedHere() {
        return ownedHere;
    }

    void setOwnedHere(boolean owned) {
        ownedHere = owned;
    }

    /** Why it can't be filled by this process, or null. */
    @Nullable String trouble() {
        return trouble;
    }

    void setTrouble(@Nullable String reason) {
        trouble = reason;
    }

    /** Whether somebody waits, or waited, for more than it has. */
    boolean isWanted() {
        lock.lock();
        try {
            return wanted > position;
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits whom only news from the database can wake. */
    boolean isAwaitedFromElsewhere() {
        if (ownedHere) {
            return false;
        }
        lock.lock();
        try {
            return waiting > 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the generation has come as far as the target.
     *
     * @param deadlineNanos by {@link System#nanoTime}
     * @return whether it has
     */
    boolean await(long target, long deadlineNanos) throws InterruptedException {
        lock.lock();
        try {
            waiting++;
            if (position < target) {
                wanted = Math.max(wanted, target);
                asked.signalAll();
                if (!ownedHere) {
                    onWaiting.run();
                }
            }
            try {
                long left = deadlineNanos - System.nanoTime();
                while (position < target && left > 0) {
                    left = moved.awaitNanos(left);
                }
            } finally {
                waiting--;
            }
            return position >= target;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, on behalf of who fills the generation, until somebody waits for more than it has.
     *
     * @param untilNanos when to go on all the same, by {@link System#nanoTime}
     */
    void rest(long untilNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = untilNanos - System.nanoTime();
            while (wanted <= position && left > 0) {
                left = asked.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}

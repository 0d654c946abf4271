package com.customerledger.query.view;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits between attempts, until the end is called. Thread-safe. */
final class Pause {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private boolean over;
    private boolean hastened;

    /** Ends every wait, now and later. */
    void end() {
        lock.lock();
        try {
            over = true;
            called.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the wait that is under way, or the next one. */
    void hasten() {
        lock.lock();
        try {
            hastened = true;
            called.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits so long, unless it is ended or hastened. */
    void take(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!over && !hastened && nanos > 0) {
                nanos = called.awaitNanos(nanos);
            }
            hastened = false;
        } finally {
            lock.unlock();
        }
    }
}

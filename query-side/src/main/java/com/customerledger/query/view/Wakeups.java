package com.customerledger.query.view;

import com.customerledger.events.HeadSignal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes those that follow the events. Whoever reads takes a ticket first and waits with it afterwards: a commit between
 * the two ends the wait at once. Thread-safe.
 */
final class Wakeups implements HeadSignal, News {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private long commits;
    private long committedAtNanos = System.nanoTime();
    private long news;
    private long head;

    @Override
    public void committed() {
        lock.lock();
        try {
            commits++;
            committedAtNanos = System.nanoTime();
            news++;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How long ago this process committed, in milliseconds. */
    long sinceCommittedMillis() {
        lock.lock();
        try {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - committedAtNanos);
        } finally {
            lock.unlock();
        }
    }

    /** The store's newest position was seen to be this: who has come so far need not wake. */
    void seen(long newHead) {
        lock.lock();
        try {
            if (newHead > head) {
                head = newHead;
                news++;
                woken.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The store's newest position is this, be it lower than it was seen to be before the database was lost. */
    void reset(long newHead) {
        lock.lock();
        try {
            head = newHead;
            news++;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long count() {
        lock.lock();
        try {
            return news;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void await(long count, long millisMax) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millisMax);
        lock.lock();
        try {
            while (news == count && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The store's newest position that was seen. */
    long head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** To be taken before a read. */
    long ticket() {
        lock.lock();
        try {
            return commits;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until this process committed since the ticket was taken, or there is more behind that position. */
    void await(long ticket, long position, long millisMax) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millisMax);
        lock.lock();
        try {
            while (commits == ticket && head <= position && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}

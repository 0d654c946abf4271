package com.customerledger.events;

/** Hears at once of what this process wrote, so that it need not wait for the next look at the store. Thread-safe. */
@FunctionalInterface
public interface HeadSignal {

    /** A transaction of this process has just been committed. Returns at once. */
    void committed();
}

package com.customerledger.query.view;

/** Tells that there may be new events. Thread-safe. */
public interface News {

    /** Counts up whenever there may be; to be taken before a read. */
    long count();

    /** Waits until it counts on from there. */
    void await(long count, long millisMax) throws InterruptedException;
}

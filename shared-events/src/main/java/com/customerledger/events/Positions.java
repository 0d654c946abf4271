package com.customerledger.events;

/**
 * An event's position is the number of its transaction with its place in the transaction in the low bits, so that the
 * events of a transaction stand side by side.
 */
public final class Positions {

    /** How many low bits hold the place in the transaction. */
    public static final int PLACE_BITS = 14;

    /** How many events a transaction may append. */
    public static final int EVENTS_PER_TRANSACTION_MAX = 1 << PLACE_BITS;

    private Positions() {}

    /** The position of the event at {@code place}, from 0, of the transaction with that number. */
    public static long of(long transaction, int place) {
        return (transaction << PLACE_BITS) | place;
    }

    /** The number of the transaction that appended the event at that position. */
    public static long transaction(long position) {
        return position >> PLACE_BITS;
    }
}

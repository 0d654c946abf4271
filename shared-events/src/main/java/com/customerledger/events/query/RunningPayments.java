package com.customerledger.events.query;

/** The running payments of one customer. The array is shared, not copied: nobody changes it. */
public final class RunningPayments {

    private final byte[] json;
    private final long lagMillis;

    /**
     * Keeps both as they are.
     *
     * @param json the results, a JSON array in UTF-8, oldest first
     * @param lagMillis how far the views are behind the newest event, in milliseconds; 0 when they have them all
     */
    public RunningPayments(byte[] json, long lagMillis) {
        this.json = json;
        this.lagMillis = lagMillis;
    }

    /** The results, a JSON array in UTF-8. */
    public byte[] json() {
        return json;
    }

    /** How far the views are behind the newest event, in milliseconds. */
    public long lagMillis() {
        return lagMillis;
    }
}

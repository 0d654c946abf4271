package com.customerledger.events.query;

/** One customer. The array is shared, not copied: nobody changes it. */
public final class FoundCustomer {

    private final int version;
    private final byte[] json;
    private final long lagMillis;

    /**
     * Keeps all as it is.
     *
     * @param version its version, the record's entity tag
     * @param json the record, JSON in UTF-8
     * @param lagMillis how far the view is behind the newest event, in milliseconds; 0 when it has them all
     */
    public FoundCustomer(int version, byte[] json, long lagMillis) {
        this.version = version;
        this.json = json;
        this.lagMillis = lagMillis;
    }

    /** Its version, the record's entity tag. */
    public int version() {
        return version;
    }

    /** The record, JSON in UTF-8. */
    public byte[] json() {
        return json;
    }

    /** How far the view is behind the newest event, in milliseconds. */
    public long lagMillis() {
        return lagMillis;
    }
}

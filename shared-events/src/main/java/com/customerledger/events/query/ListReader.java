package com.customerledger.events.query;

import java.io.IOException;

/** Takes a list as it comes, on the caller's thread. */
public interface ListReader {

    /**
     * Before the beginning: how many of the merchant's customers are not as they should be, because an event of theirs is
     * parked.
     */
    default void parkedCustomers(int count) {}

    /**
     * Called once, before the first record, when nothing but the connections can fail any more.
     *
     * @param lagMillis how far the view is behind the newest event, in milliseconds; 0 when it has them all
     */
    void begin(long lagMillis) throws IOException;

    /** Takes one record: a JSON object in UTF-8. The array is the caller's again when the method returns. */
    void record(byte[] buffer, int offset, int length) throws IOException;
}

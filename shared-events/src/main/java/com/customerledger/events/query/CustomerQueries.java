package com.customerledger.events.query;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.refusal.RefusedException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** The way into the read side. Thread-safe. */
public interface CustomerQueries {

    /** The zone in which dates mean midnights and timestamps are written. */
    ZoneId zone();

    /**
     * Streams a list, of one moment, in memory that does not grow with its length.
     *
     * @return the place of the last record, when the list was asked for by page and there are more; else empty
     * @throws RefusedException when the key has too many whole lists running already
     * @throws UnavailableException before {@link ListReader#begin}, when the view can't answer now
     * @throws IOException from the reader; also when the connection to the database fails under the stream
     */
    Optional<Place> list(ListCustomers query, ListReader reader) throws IOException;

    /**
     * One customer of that merchant.
     *
     * @param withVersion whether the record has the member {@code version}
     * @throws UnavailableException when the view can't answer now
     */
    Optional<FoundCustomer> find(String merchantId, String customerId, boolean withVersion, Consistency consistency);

    /**
     * One customer of that merchant as it was at a moment; empty when it had not been created by then. A moment that a
     * write may still bring events of is waited for, so that the answer is the same for ever.
     *
     * @param moment in whole microseconds, at most a second in the future; what happened in that microsecond is included
     * @throws UnavailableException when the view can't answer now
     */
    Optional<FoundCustomer> findAsOf(String merchantId, String customerId, Instant moment, boolean withVersion);

    /**
     * The running payments of one customer of that merchant; empty when there is no such customer.
     *
     * @throws UnavailableException when the views can't answer now
     */
    Optional<RunningPayments> payments(String merchantId, String customerId, Consistency consistency);
}

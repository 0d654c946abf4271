package com.customerledger.events.query;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.refusal.RefusedException;
import java.io.IOException;
import java.util.Optional;

/** The way into the read side. Thread-safe. */
public interface CustomerQueries {

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
     * The running payments of one customer of that merchant; empty when there is no such customer.
     *
     * @throws UnavailableException when the views can't answer now
     */
    Optional<RunningPayments> payments(String merchantId, String customerId, Consistency consistency);
}

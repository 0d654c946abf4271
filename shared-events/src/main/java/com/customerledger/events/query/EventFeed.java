package com.customerledger.events.query;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.refusal.RefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every event of a merchant, in the order of their numbers. Thread-safe. */
public interface EventFeed {

    /**
     * A place in a merchant's events.
     *
     * @param epoch the epoch in which the number was given, or null where that is not known; from 1
     * @param number the number of the last event before it, 0 for the beginning
     */
    record Place(@Nullable Integer epoch, long number) {}

    /**
     * Events as they follow each other.
     *
     * @param epoch the epoch that the numbers are told in: another one begins when events were lost and their numbers are
     *     given again
     * @param parkedCustomers of how many of the merchant's customers an event is parked: no event behind the first of these
     *     is told
     */
    record Page(int epoch, List<ToldEvent> events, int parkedCustomers) {

        public Page {
            events = List.copyOf(events);
        }
    }

    /**
     * The events behind a place, all that were acknowledged when the question arrived, without a gap.
     *
     * @param limit how many at most
     * @throws RefusedException when the place is of an epoch that there is not, or stands behind what is left of it
     * @throws UnavailableException when the views can't answer now
     */
    Page read(String merchantId, Place after, int limit);

    /**
     * The ledger's epoch, from 1, as it was at most a second ago. Places that were told in another one may be lost.
     *
     * @throws UnavailableException when the database can't answer now
     */
    int epoch();

    /** Changes whenever there may be new events; to be taken before a read. */
    long news();

    /** Waits until there may be events that a read did not find, be they any merchant's. */
    void awaitNews(long newsBefore, long millisMax) throws InterruptedException;
}

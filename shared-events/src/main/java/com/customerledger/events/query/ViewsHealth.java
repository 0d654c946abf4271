package com.customerledger.events.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the views of the read side are, as this node knows it. Answers from memory, at once. Thread-safe. */
public interface ViewsHealth {

    /**
     * Why calls can't be answered now, each a sentence for operators without anything personal; empty when every call
     * is answered. A view that catches up is no reason.
     */
    List<String> troubles();

    /** Every view that answers queries, by name. */
    List<ViewHealth> views();

    /**
     * One view.
     *
     * @param view its name
     * @param generation the number of the generation that answers queries
     * @param ownedHere whether this node fills it
     * @param position how far it has come
     * @param head the store's newest position
     * @param lagEvents how many events it has yet to see, counted up to 10,000
     * @param lagMillis the age of the oldest of them
     * @param parkedEvents how many events are parked, and those that wait behind them, as they were a second ago at most
     * @param trouble why it stands still, or null
     */
    record ViewHealth(
            String view,
            int generation,
            boolean ownedHere,
            long position,
            long head,
            long lagEvents,
            long lagMillis,
            long parkedEvents,
            @Nullable String trouble) {}
}

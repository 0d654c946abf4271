package com.customerledger.events.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the read side's views stand, for operators. Thread-safe. */
@FunctionalInterface
public interface ViewStates {

    /** Every view that this node answers from. Returns at once, and asks no database. */
    List<ViewState> views();

    /**
     * One view.
     *
     * @param name its name
     * @param position the position of the newest event that it has
     * @param lagMillis how far it is behind the newest event, in milliseconds; 0 when it has them all
     * @param trouble why it stands still, for people and without personal data, or null while it keeps up or catches up
     */
    record ViewState(
            String name,
            long position,
            long lagMillis,
            @Nullable String trouble) {}
}

package com.customerledger.events.views;

import com.customerledger.events.database.LedgerDatabase;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What operators do with the views; found as a service. What is to be done is written to the database, and the nodes that
 * run do it; a method that waits for that does it itself where none runs. Every method throws an
 * {@link OperationRefusedException} when it can't be done, an {@link com.customerledger.events.UnavailableException} when
 * the database can't answer, and an {@link IllegalArgumentException} when there is no ledger in it. Thread-safe.
 */
public interface ViewOperations {

    /**
     * How a view is.
     *
     * @param view its name
     * @param live the number of the generation that answers queries, or null
     * @param revision the revision of that generation, or null
     * @param others its other generations, by number
     * @param position how far the live one has come
     * @param lagEvents how many events the live one has yet to see
     * @param lagMillis the age of the oldest of them, in milliseconds
     * @param eventsPerSecond how many events its generations took in, each second of those in which it was looked at
     * @param condition one word for how it is
     * @param parkedEvents how many events wait aside because it could not take them
     * @param trouble why it stands still, or null
     */
    record ViewStatus(
            String view,
            @Nullable Integer live,
            @Nullable Integer revision,
            List<OtherGeneration> others,
            long position,
            long lagEvents,
            long lagMillis,
            long eventsPerSecond,
            Condition condition,
            long parkedEvents,
            @Nullable String trouble) {}

    /** One word for how a view is, the first that holds. */
    enum Condition {
        /** Its tables stand, but this version of the program has no class for it or for its live revision. */
        UNKNOWN,
        /** It has no live generation: no node has made it yet. */
        MISSING,
        /** Whoever fills the live generation can't go on. */
        STALLED,
        /** Its next generation can't go on. */
        REBUILD_STALLED,
        /** Its next generation has caught up and can be swapped in. */
        READY,
        /** Its next generation is being filled. */
        BUILDING,
        /** It answers queries. */
        LIVE
    }

    /**
     * A generation that does not answer queries.
     *
     * @param state building, former or retired
     * @param percent how many events it has seen, of those that the view's other generations have
     */
    record OtherGeneration(int generation, int revision, String state, int percent) {}

    /**
     * How far the next generation of a view is.
     *
     * @param done how many events it has taken in since it was first asked
     * @param total how many there were to take in
     * @param isReady whether it can be swapped in
     * @param trouble why it stands still, or null
     */
    record Filling(
            String view,
            int generation,
            long done,
            long total,
            boolean isReady,
            @Nullable String trouble) {}

    /** Every view that there is a class or a table for, by name. */
    List<ViewStatus> status(LedgerDatabase database);

    /**
     * Makes the next generation of the view, of its newest revision, to be filled beside the live one.
     *
     * @param maxP99Ms the time that all but the slowest hundredth of the commands are to keep within while it is filled,
     *     in milliseconds, or null
     * @return the generation's number
     */
    int rebuild(LedgerDatabase database, String view, @Nullable Integer maxP99Ms);

    /**
     * Waits until the generation that is being filled can be swapped in, or until the listener has heard enough.
     *
     * @param fills whether to fill it here, for as long as no node does
     * @param listener told several times a second; false ends the wait
     */
    void follow(LedgerDatabase database, String view, boolean fills, Predicate<Filling> listener)
            throws InterruptedException;

    /**
     * Lets the generation that was filled answer queries from now on. One of the same revision is compared with the live
     * one first, at the same position.
     *
     * @return what was done, and what was compared, for the operator
     */
    String swap(LedgerDatabase database, String view) throws InterruptedException;

    /**
     * Lets the generation that answered before answer again.
     *
     * @return what was done, for the operator
     */
    String rollback(LedgerDatabase database, String view) throws InterruptedException;

    /**
     * Gives up the generation that is being filled.
     *
     * @return what was done, for the operator
     */
    String cancel(LedgerDatabase database, String view) throws InterruptedException;

    /**
     * Gives up a generation that has answered before, or any of a view that is not in the program any more.
     *
     * @return what was done, for the operator
     */
    String drop(LedgerDatabase database, String view, int generation) throws InterruptedException;
}

package com.customerledger.query.view;

import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * A view: tables that are filled from the events and from nothing else. One class with its SQL is a view; it is found by
 * itself in the packages of the read side, and has one constructor, without parameters: nothing can be put into it. What it
 * reaches, by itself or through other classes, has no effects outside of the connection that it is given, so that filling
 * it anew has none; the build refuses any other. Effects belong to a reader of the feed.
 *
 * <p>Names of tables and indexes begin with the view's name and end in {@code _N}, which stands for the number of the
 * generation: {@code views.customer_list_N}.
 *
 * <p>Implementations are thread-safe; a {@link Projection} is not.
 */
public interface View {

    /** The view's name, in the form of a table's name. */
    String name();

    /** Counts up with every change of the tables or of what is written to them. */
    int revision();

    /**
     * The SQL that makes a generation's tables, the indexes and SQL views of these, statements separated by semicolons, of
     * which there are no others within. Indexes that are made by {@code CREATE INDEX} are there for reads only: a generation that is filled
     * beside the live one gets them when it has caught up, because they are made faster then. What the handlers need is a
     * primary key or a constraint of its table; see {@link #fillsWithoutKeys}.
     */
    String tables();

    /** Whether rows have times written in the ledger's zone, so that another zone needs another generation. */
    default boolean hasZone() {
        return false;
    }

    /**
     * Whether what is written was told to others and is never to be made anew. Then its commits wait for the disk, and it
     * takes events of every type, those too that this version of the program can't read.
     */
    default boolean isForEver() {
        return false;
    }

    /**
     * What a generation holds, in a few numbers: two generations of a revision at the same position have the same. By
     * default all rows of all tables count, in whichever order they lie, with all columns whose values were written;
     * those that the database numbers by itself do not.
     *
     * @param connection with a transaction that sees the generation at one position
     * @return of every table, in the order in which the SQL makes them
     */
    default ContentDigest digest(Connection connection, Generation generation) throws SQLException {
        return ContentDigest.ofTables(connection, generation.tables(tables()));
    }

    /**
     * What of it is the same as in an earlier revision: of which tables which columns hold the same values in the same rows,
     * after the same events. A swap from that revision compares these and nothing else. By default that is nothing.
     *
     * @param revision the earlier one
     * @return columns by the names of their tables, which both revisions have, with {@code _N} for the number
     */
    default Map<String, List<String>> shared(int revision) {
        return Map.of();
    }

    /**
     * Whether events of that type can make a difference to the tables; those that can't are not handed to it.
     *
     * @param type the logical name of the type
     */
    default boolean handles(String type) {
        return true;
    }

    /**
     * Whether keys and unique constraints serve only to find customers that are there already. Then a generation that is
     * filled beside the live one does without them until the first event of such a customer, and is filled faster.
     */
    default boolean fillsWithoutKeys() {
        return false;
    }

    /**
     * Makes out what an event says, as far as the handler will ask for it. Filling many events this takes longest, and is
     * done while others are written; the event keeps what was made out.
     */
    default void makeOut(RecordedEvent event) {
        event.unknown();
    }

    /** Begins or goes on to fill a generation; called by each new owner. */
    Projection projection(Generation generation);

    /** Fills one generation, for as long as one owner follows the events on one connection. */
    interface Projection {

        /**
         * Writes what the events amount to. Each event comes once: the position that says so is committed with what is
         * written. Of a customer whose event was parked there is none until that is settled. After a call whose
         * transaction did not commit, or went back to a savepoint, there is no other.
         *
         * @param connection in a transaction that the caller commits with the view's position
         * @param events those of types that the view handles, in the store's order, at least one
         * @throws RuntimeException when an event can't be applied
         */
        void apply(Connection connection, List<RecordedEvent> events) throws SQLException;
    }
}

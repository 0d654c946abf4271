package com.customerledger.query.tail;

import com.customerledger.events.Positions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the store's events on from a position, in order, whole transactions at a time, and never past a transaction
 * that may still come.
 *
 * <p>Transactions are numbered one after the other before they commit, so that a number can be seen while a smaller one
 * is missing: that one's transaction still runs, or it was rolled back and the number is dead. A missing number is dead
 * when every transaction that could own it has ended and a read that began after that did not find it. Those that could
 * own it hold a lock on the event table, which a writer takes before it draws its number; PostgreSQL gives the lock up
 * after the commit can be seen. Nothing else that runs on the server, however long, delays a tail.
 *
 * <p>All that it knows beside its position is about numbers that were drawn on one server: it lives as long as one
 * connection. Not thread-safe.
 */
public final class Tail {

    /** How many events one read hands on, give or take the rest of a transaction. */
    public static final int EVENTS_MAX = 5_000;

    /** How many characters of payload one read hands on, give or take the rest of a transaction. */
    public static final int CHARACTERS_MAX = 8 << 20;

    /** How long a tail leaves a missing number alone before it asks who could own it, and between two such questions. */
    public static final long PATIENCE_MS = 5;

    private static final String NEXT = """
            SELECT min(position)
              FROM ledger.events
             WHERE position > ?
            """;

    private final int eventsMax;
    private long position;
    private long settled;
    private boolean held;
    private boolean atEnd;
    private long lookedAtNanos;
    private @Nullable Barrier barrier;

    /**
     * @param position that of the last event that was read, 0 for none
     */
    public Tail(long position) {
        this(position, EVENTS_MAX);
    }

    Tail(long position, int eventsMax) {
        this.position = position;
        this.eventsMax = eventsMax;
        this.settled = Positions.transaction(position);
    }

    /** The position of the last event that was handed on. */
    public long position() {
        return position;
    }

    /** Whether the last read handed on all that was committed when it began. */
    public boolean atEnd() {
        return atEnd;
    }

    /** Whether the last read ended before a number that is missing and may still come. */
    public boolean held() {
        return held;
    }

    /**
     * The events behind the position that can be handed on now; none when there are none, or when the next number is
     * missing. The position moves behind them.
     *
     * @param connection in a transaction of its own at the level READ COMMITTED, so that each statement sees what was
     *     committed before it began
     */
    public List<RecordedEvent> read(Connection connection) throws SQLException {
        return read(connection, eventsMax);
    }

    /**
     * The same, with another limit.
     *
     * @param eventsMax how many events to hand on, give or take the rest of a transaction
     */
    public List<RecordedEvent> read(Connection connection, int eventsMax) throws SQLException {
        return read(connection, eventsMax, () -> EventRows.selected(connection, position));
    }

    /** The same for who is far behind: at once by a copy. */
    public List<RecordedEvent> readMany(Connection connection, int eventsMax) throws SQLException {
        return read(connection, eventsMax, () -> EventRows.copied(connection, position, eventsMax));
    }

    private List<RecordedEvent> read(Connection connection, int eventsMax, Source source) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("without a transaction all rows would be fetched at once");
        }
        atEnd = false;
        if (held && !nextIsDue(connection) && !(settles(connection) && nextIsDue(connection))) {
            return List.of();
        }
        List<RecordedEvent> events;
        try (EventRows rows = source.open()) {
            events = readOn(rows, eventsMax);
        }
        if (!held) {
            barrier = null;
        } else if (barrier == null) {
            // Most missing numbers are there a moment later, and the question who owns them stops the lock manager.
            lookedAtNanos = System.nanoTime();
        }
        if (!events.isEmpty()) {
            position = events.get(events.size() - 1).position();
        }
        return events;
    }

    /**
     * Takes events as read that another tail on the same server handed on, from this one's position on.
     *
     * @param areAll whether there were no others, {@link #atEnd}
     */
    public void passed(List<RecordedEvent> events, boolean areAll) {
        position = events.get(events.size() - 1).position();
        held = false;
        atEnd = areAll;
        barrier = null;
    }

    private List<RecordedEvent> readOn(EventRows rows, int eventsMax) throws SQLException {
        List<RecordedEvent> events = new ArrayList<>();
        long number = Positions.transaction(position);
        long characters = 0;
        held = false;
        for (RecordedEvent event = rows.next(); event != null; event = rows.next()) {
            long next = Positions.transaction(event.position());
            if (next != number) {
                if (events.size() >= eventsMax || characters >= CHARACTERS_MAX) {
                    return events;
                }
                if (!follows(number, next)) {
                    held = true;
                    return events;
                }
                number = next;
            }
            characters += event.payload().length();
            events.add(event);
        }
        atEnd = rows.areAll();
        return events;
    }

    @FunctionalInterface
    private interface Source {
        EventRows open() throws SQLException;
    }

    /** Whether no number between the two can belong to a transaction that is yet to be seen. */
    private boolean follows(long number, long next) {
        return next == number + 1 || next - 1 <= settled;
    }

    private boolean nextIsDue(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setLong(1, position);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long next = row.getLong(1);
                return !row.wasNull() && follows(Positions.transaction(position), Positions.transaction(next));
            }
        }
    }

    /** Looks, when it is time to, whether the numbers drawn so far are settled. */
    private boolean settles(Connection connection) throws SQLException {
        long now = System.nanoTime();
        if (now - lookedAtNanos < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
            return false;
        }
        lookedAtNanos = now;
        if (barrier == null) {
            barrier = Barrier.raise(connection);
        } else {
            barrier.look(connection);
        }
        if (!barrier.isDown()) {
            return false;
        }
        settled = Math.max(settled, barrier.number());
        barrier = null;
        return true;
    }
}

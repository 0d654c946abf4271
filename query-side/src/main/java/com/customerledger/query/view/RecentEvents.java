package com.customerledger.query.view;

import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events that were read a moment ago. All views of a process follow the same ones: whichever comes first reads them
 * and makes them out, and the others take them from here. What one tail hands on is settled for every other. What all have
 * taken is given up at once: the collector would copy it from one place to another. Thread-safe.
 */
final class RecentEvents {

    /** What is kept, so that a view that writes more than another does not have to read what that one has read. */
    private static final int EVENTS_MAX = 2 * Tail.EVENTS_MAX;

    private static final long CHARACTERS_MAX = Tail.CHARACTERS_MAX;

    /** After how long without events nobody is so far behind any more. */
    private static final long KEPT_MS = 2_000;

    /** How long to wait for somebody else's read before reading by oneself: the way to the database may be silent. */
    private static final long PATIENCE_MS = 500;

    private static final String SERVER = """
            SELECT pg_postmaster_start_time()::text
            """;

    private final Wakeups wakeups;
    private final DecidedHere decided;
    private final ReentrantLock reading = new ReentrantLock();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private String server = "";
    private long keptAtNanos;
    // Whether there was nothing behind the last batch when it was read, and the ticket that was taken before.
    private boolean areAll;
    private long lastTicket;

    /**
     * @param wakeups wakes the views that wait for what one of them has read
     * @param decided what is known of events without reading
     */
    RecentEvents(Wakeups wakeups, DecidedHere decided) {
        this.wakeups = wakeups;
        this.decided = decided;
    }

    /** Events that follow the one at a position, without a gap that is not settled. */
    private record Batch(long behind, List<RecordedEvent> events, long characters) {

        long last() {
            return events.get(events.size() - 1).position();
        }

        Batch behind(long position) {
            int first = 0;
            while (events.get(first).position() <= position) {
                first++;
            }
            return first == 0 ? this : of(position, events.subList(first, events.size()));
        }

        static Batch of(long behind, List<RecordedEvent> events) {
            return new Batch(
                    behind,
                    events,
                    events.stream().mapToLong(event -> event.payload().length()).sum());
        }
    }

    /** Reads for one view, on one connection, until it is closed. Not thread-safe. */
    final class Reader implements AutoCloseable {

        private final Connection connection;
        private final String ours;
        // Guarded by the lock of reading.
        private long reached;
        private long ticket;

        private Reader(Connection connection, String ours, long reached) {
            this.connection = connection;
            this.ours = ours;
            this.reached = reached;
        }

        /**
         * The events behind the tail's position, like {@link Tail#read(Connection, int)}.
         *
         * @param tail moves behind them
         */
        List<RecordedEvent> read(Tail tail, int eventsMax) throws SQLException, InterruptedException {
            ticket = wakeups.ticket();
            if (!reading.tryLock(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                return tail.read(connection, eventsMax);
            }
            try {
                if (!server.equals(ours)) {
                    // Another server may know of other events: a backup was restored, or a copy took over.
                    batches.clear();
                    server = ours;
                }
                List<RecordedEvent> known = known(tail.position(), eventsMax);
                if (!known.isEmpty()) {
                    long last = known.get(known.size() - 1).position();
                    boolean newest = batches.getLast().last() == last;
                    tail.passed(known, areAll && newest);
                    ticket = lastTicket;
                    if (!newest || ticket == wakeups.ticket() || known.size() >= eventsMax) {
                        return known;
                    }
                }
                List<RecordedEvent> read = readOn(tail, eventsMax);
                if (known.isEmpty()) {
                    return read;
                }
                known.addAll(read);
                return known;
            } finally {
                reached = tail.position();
                giveUp();
                reading.unlock();
            }
        }

        private List<RecordedEvent> readOn(Tail tail, int eventsMax) throws SQLException {
            ticket = wakeups.ticket();
            long behind = tail.position();
            List<RecordedEvent> read = tail.read(connection, eventsMax);
            // Before anybody else has them, so that it is done once; what was made out stays with the event.
            decided.tell(read);
            read.forEach(RecordedEvent::unknown);
            keep(behind, read);
            areAll = tail.atEnd();
            lastTicket = ticket;
            return read;
        }

        /** What was taken before the last read: what was committed since then ends a wait with it. */
        long ticket() {
            return ticket;
        }

        /** From now on nothing is kept for it. */
        @Override
        public void close() {
            readers.remove(this);
        }
    }

    /**
     * Reads on that connection, which knows nothing of a server's former life.
     *
     * @param position behind which it is going to read
     */
    Reader reader(Connection connection, long position) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SERVER)) {
            row.next();
            Reader reader = new Reader(connection, row.getString(1), position);
            readers.add(reader);
            return reader;
        }
    }

    /** How many events are kept. */
    int count() {
        reading.lock();
        try {
            return batches.stream().mapToInt(batch -> batch.events().size()).sum();
        } finally {
            reading.unlock();
        }
    }

    /** Keeps nothing that every reader has. */
    private void giveUp() {
        long all = readers.stream().mapToLong(reader -> reader.reached).min().orElse(Long.MAX_VALUE);
        while (!batches.isEmpty() && batches.getFirst().last() <= all) {
            batches.removeFirst();
        }
    }

    private List<RecordedEvent> known(long position, int eventsMax) {
        List<RecordedEvent> known = new ArrayList<>();
        long reached = position;
        long characters = 0;
        for (Batch batch : batches) {
            if (batch.behind() <= reached && batch.last() > reached) {
                Batch next = batch.behind(reached);
                if (!known.isEmpty()
                        && (known.size() + next.events().size() > eventsMax
                                || characters + next.characters() > Tail.CHARACTERS_MAX)) {
                    break;
                }
                known.addAll(next.events());
                characters += next.characters();
                reached = next.last();
            }
        }
        return known;
    }

    private void keep(long behind, List<RecordedEvent> events) {
        long now = System.nanoTime();
        if (events.isEmpty()) {
            if (now - keptAtNanos > TimeUnit.MILLISECONDS.toNanos(KEPT_MS)) {
                batches.clear();
            }
            return;
        }
        keptAtNanos = now;
        if (!batches.isEmpty() && batches.getLast().last() != behind) {
            // Somebody is far behind, or far ahead: what was read last is what is asked for next.
            batches.clear();
        }
        Batch batch = Batch.of(behind, events);
        batches.addLast(batch);
        wakeups.seen(batch.last());
        long count = 0;
        long characters = 0;
        for (Batch each : batches) {
            count += each.events().size();
            characters += each.characters();
        }
        while (batches.size() > 1 && (count > EVENTS_MAX || characters > CHARACTERS_MAX)) {
            Batch oldest = batches.removeFirst();
            count -= oldest.events().size();
            characters -= oldest.characters();
        }
    }
}

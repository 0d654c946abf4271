package com.customerledger.query.view;

import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events that a generation has yet to see, on a connection and in a thread of its own, a few batches before they
 * are written: so one core reads while another one writes. What it reads was committed and settled, so it does not matter
 * which connection read it. For one thread that takes the batches.
 */
final class ReadAhead implements AutoCloseable {

    private static final int BATCHES = 2;
    private static final long OFFER_MS = 200;

    private final QueryDatabase database;
    private final Tail tail;
    private final IntSupplier eventsMax;
    private final int lastEvents;
    private final Consumer<RecordedEvent> makeOut;
    private final BlockingQueue<Read> read = new ArrayBlockingQueue<>(BATCHES);
    private volatile boolean closed;

    /** What was read, or why it could not be. */
    private record Read(
            List<RecordedEvent> events, @Nullable Exception failure) {}

    private ReadAhead(
            QueryDatabase database,
            long position,
            IntSupplier eventsMax,
            int lastEvents,
            Consumer<RecordedEvent> makeOut) {
        this.database = database;
        this.tail = new Tail(position);
        this.eventsMax = eventsMax;
        this.lastEvents = lastEvents;
        this.makeOut = makeOut;
    }

    /**
     * Begins behind a position.
     *
     * @param eventsMax how many events the next batch is to have
     * @param lastEvents with fewer in a batch the end has come near, and it reads no more
     * @param makeOut is done with each event, see {@link View#makeOut}
     */
    static ReadAhead start(
            QueryDatabase database,
            Generation generation,
            long position,
            IntSupplier eventsMax,
            int lastEvents,
            Consumer<RecordedEvent> makeOut) {
        ReadAhead ahead = new ReadAhead(database, position, eventsMax, lastEvents, makeOut);
        Thread thread = new Thread(ahead::run, "view-" + generation.view() + "-" + generation.number() + "-read");
        thread.setDaemon(true);
        thread.start();
        return ahead;
    }

    private void run() {
        try {
            try (Connection connection = database.open("views-read", QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
                connection.setAutoCommit(false);
                readOn(connection);
            } catch (SQLException | RuntimeException e) {
                put(new Read(List.of(), e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readOn(Connection connection) throws SQLException, InterruptedException {
        while (!closed) {
            List<RecordedEvent> events = tail.readMany(connection, eventsMax.getAsInt());
            connection.rollback();
            boolean isLast = events.size() < lastEvents;
            if (!isLast) {
                // What takes longest about an event is to make it out; it keeps what it made out.
                events.forEach(makeOut);
            }
            put(new Read(isLast ? List.of() : events, null));
            if (isLast) {
                return;
            }
        }
    }

    private void put(Read batch) throws InterruptedException {
        while (!closed && !read.offer(batch, OFFER_MS, TimeUnit.MILLISECONDS)) {
            // Whoever takes them is busy.
        }
    }

    /**
     * The next batch; empty when the end has come near, and then no more are to be taken.
     *
     * @param pause ends the wait, too
     */
    List<RecordedEvent> take(Pause pause) throws SQLException, InterruptedException {
        while (!pause.isOver()) {
            Read next = read.poll(OFFER_MS, TimeUnit.MILLISECONDS);
            if (next != null) {
                if (next.failure() instanceof SQLException failure) {
                    throw failure;
                }
                if (next.failure() != null) {
                    throw new IllegalStateException("the events can't be read ahead", next.failure());
                }
                return next.events();
            }
        }
        return List.of();
    }

    @Override
    public void close() {
        closed = true;
    }
}

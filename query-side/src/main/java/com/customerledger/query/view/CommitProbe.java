package com.customerledger.query.view;

import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how long a command's wait for the database is at this moment, wherever the commands run: it commits a record
 * of some bytes to the disk again and again, as a command does. Thread-safe.
 */
final class CommitProbe implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommitProbe.class);

    private static final long EVERY_MS = 10;

    /** About the last two seconds. */
    private static final int SAMPLES = 200;

    /** With fewer, the slowest of them says too little. */
    private static final int SAMPLES_MIN = 20;

    private static final long RETRY_MS = 1_000;

    // A transactional message is a record of the log and nothing else: no table grows, and the commit waits for the
    // disk.
    private static final String COMMIT = "SELECT pg_logical_emit_message(true, 'ledger-probe', '')";

    private final QueryDatabase database;
    private final Pause pause = new Pause();
    private final long[] micros = new long[SAMPLES];
    private int count;

    private CommitProbe(QueryDatabase database) {
        this.database = database;
    }

    /** A probe that measures from now on, until it is closed. */
    static CommitProbe start(QueryDatabase database) {
        CommitProbe probe = new CommitProbe(database);
        Thread thread = new Thread(probe::run, "view-probe");
        thread.setDaemon(true);
        thread.start();
        return probe;
    }

    /** What all but the slowest hundredth of the last commits took at most, in microseconds; 0 before there are some. */
    long p99Micros() {
        long[] sorted;
        synchronized (micros) {
            if (count < SAMPLES_MIN) {
                return 0;
            }
            sorted = Arrays.copyOf(micros, Math.min(count, SAMPLES));
        }
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
    }

    private void run() {
        try {
            while (!pause.isOver()) {
                try (Connection connection = database.open("views-probe", QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
                    QueryDatabase.commitToDisk(connection);
                    measure(connection);
                } catch (SQLException e) {
                    LOG.debug("the time of a commit can't be measured now", e);
                    pause.take(RETRY_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void measure(Connection connection) throws SQLException, InterruptedException {
        try (PreparedStatement statement = connection.prepareStatement(COMMIT)) {
            while (!pause.isOver()) {
                long begunNanos = System.nanoTime();
                statement.execute();
                long taken = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begunNanos);
                synchronized (micros) {
                    micros[count % SAMPLES] = taken;
                    // Wraps where the number of samples does.
                    count = count == SAMPLES * 2 - 1 ? SAMPLES : count + 1;
                }
                pause.take(EVERY_MS);
            }
        }
    }

    @Override
    public void close() {
        pause.end();
    }
}

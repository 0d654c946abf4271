package com.customerledger.query.view;

import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the tables of a retired generation, be its view known or not. A drop waits for the readers that are still there
 * no longer than the bound of its lock, so that nobody queues behind it, and is tried again.
 */
final class Retirement implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

    private static final long RETRY_MS = 1_000;

    private final QueryDatabase database;
    private final Generation generation;
    private final Pause pause;

    Retirement(QueryDatabase database, Generation generation, Pause pause) {
        this.database = database;
        this.generation = generation;
        this.pause = pause;
    }

    @Override
    public void run() {
        try {
            while (!pause.isOver() && !dropped()) {
                pause.take(RETRY_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean dropped() {
        try (Connection connection =
                database.open("view-" + generation.view(), QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
            // Whoever still fills it has not seen yet that it is retired, or another node drops it.
            if (!Generations.own(connection, generation.id())) {
                return Generations.one(connection, generation.id()) == null;
            }
            connection.setAutoCommit(false);
            if (Generations.drop(connection, generation)) {
                connection.commit();
                LOG.info("{} is dropped", generation);
            }
            return true;
        } catch (SQLException e) {
            if (QueryDatabase.isPassing(e)) {
                LOG.debug("{} can't be dropped yet", generation, e);
            } else {
                LOG.warn("{} can't be dropped, which is tried again: SQLSTATE {}", generation, e.getSQLState());
            }
            return false;
        }
    }
}

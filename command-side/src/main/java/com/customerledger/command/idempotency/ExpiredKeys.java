package com.customerledger.command.idempotency;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Removes expired idempotency keys from time to time, in bounded steps. */
public final class ExpiredKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiredKeys.class);
    private static final long EVERY_MINUTES = 1;
    private static final int STEPS_MAX = 100;

    private final IdempotencyKeys keys;
    private final Future<?> removals;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "ledger-expired-keys");
        thread.setDaemon(true);
        return thread;
    });

    public ExpiredKeys(IdempotencyKeys keys) {
        this.keys = keys;
        removals = executor.scheduleWithFixedDelay(this::remove, EVERY_MINUTES, EVERY_MINUTES, TimeUnit.MINUTES);
    }

    private void remove() {
        try {
            int step = 0;
            while (step++ < STEPS_MAX && keys.removeExpired() == IdempotencyKeys.REMOVED_AT_ONCE_MAX) {
                LOG.debug("removed {} expired idempotency keys", IdempotencyKeys.REMOVED_AT_ONCE_MAX);
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn(
                    "expired idempotency keys could not be removed now: {}",
                    e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        removals.cancel(true);
        executor.shutdownNow();
    }
}

package com.customerledger.command.dispatch;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.command.WriteGuard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Whether writes are stopped: by somebody in this process, or by any node through the database, at which this looks every
 * second. Thread-safe.
 */
public final class WriteStop implements WriteGuard {

    private static final Logger LOG = LoggerFactory.getLogger(WriteStop.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final String REASON = """
            SELECT reason
              FROM ledger.write_stop
            """;

    private final JdbcTemplate database;
    private final Supplier<List<WriteGuard>> others;
    private volatile boolean looked;
    private volatile @Nullable String stopped;

    /**
     * @param watch looks at the database
     * @param others who else has a say in this process
     */
    public WriteStop(JdbcTemplate database, ScheduledExecutorService watch, Supplier<List<WriteGuard>> others) {
        this.database = database;
        this.others = others;
        ScheduledFuture<?> unused = watch.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Refuses to go on while writes are stopped.
     *
     * @throws UnavailableException while they are
     */
    public void require() {
        if (!looked) {
            look();
        }
        String reason = refusal();
        if (reason != null) {
            throw new UnavailableException(reason, null);
        }
    }

    @Override
    public @Nullable String refusal() {
        String reason = stopped;
        return reason != null
                ? reason
                : others.get().stream()
                        .map(WriteGuard::refusal)
                        .filter(each -> each != null)
                        .findFirst()
                        .orElse(null);
    }

    private void look() {
        try {
            String reason = database.queryForList(REASON, String.class).stream()
                    .findFirst()
                    .orElse(null);
            if (reason != null && stopped == null) {
                LOG.error("Writes are refused: {}", reason);
            } else if (reason == null && stopped != null) {
                LOG.info("Writes are taken again");
            }
            stopped = reason;
            looked = true;
        } catch (DataAccessException e) {
            // Without the database nothing is written anyway; what was known of it stays.
            LOG.debug("it is not known whether writes are stopped", e);
        }
    }
}

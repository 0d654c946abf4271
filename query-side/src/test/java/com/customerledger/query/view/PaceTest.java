package com.customerledger.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.query.view.Generation.State;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long views rest, and what ends a rest. */
class PaceTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MANY = 100;
    private static final long START = 1_000 * MS + 1;

    private final AtomicLong clock = new AtomicLong(START);
    private final Pace pace = new Pace(clock::get);

    /** How long the rest is after a round of that length with so many events. */
    private long restAfter(long roundNanos, int events) {
        pace.begin();
        long now = clock.addAndGet(roundNanos);
        return pace.restUntilNanos(events) - now;
    }

    @Test
    void aRestIsNoLongerThanItsLimitHoweverLongTheRoundTook() {
        assertThat(restAfter(TimeUnit.SECONDS.toNanos(5), MANY)).isBetween(0L, Pace.REST_MAX_MS * MS);
    }

    @Test
    void aRoundThatCostsNothingNeedsNoRest() {
        assertThat(restAfter(MS / 100, MANY)).isZero();
    }

    @Test
    void anEventThatCameAloneLetsTheNextWaitForAFewRoundsOnly() {
        assertThat(restAfter(MS, 1)).isPositive().isLessThanOrEqualTo(4 * MS);
        assertThat(restAfter(MS, MANY)).isPositive().isLessThanOrEqualTo(16 * MS);
        assertThat(restAfter(50 * MS, 1)).isPositive().isLessThanOrEqualTo(6 * MS);
    }

    @Test
    void whoWasConcernedByNothingRestsLonger() {
        pace.begin();

        assertThat(pace.restUnconcernedUntilNanos() - clock.get()).isGreaterThan(Pace.REST_MAX_MS * MS);
    }

    @Test
    void restsEndTogetherWheneverTheyBegin() {
        Pace other = new Pace(clock::get);
        other.begin();
        clock.addAndGet(3 * MS);
        pace.begin();
        clock.addAndGet(4 * MS);

        assertThat(pace.restUntilNanos(MANY))
                .isEqualTo(other.restUntilNanos(MANY))
                .isGreaterThan(clock.get());
    }

    @Test
    void whoeverWaitsForMoreEndsTheRest() throws Exception {
        Progress progress = new Progress(State.LIVE, () -> {});
        progress.setOwnedHere(true);
        progress.reached(5);
        Thread filler = new Thread(() -> {
            try {
                progress.rest(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
                progress.reached(6);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        filler.start();
        await().until(() -> filler.getState() == Thread.State.TIMED_WAITING);

        assertThat(progress.await(5, System.nanoTime())).isTrue();
        assertThat(filler.isAlive()).isTrue();
        assertThat(progress.await(6, System.nanoTime() + TimeUnit.SECONDS.toNanos(30)))
                .isTrue();
        filler.join(Duration.ofSeconds(30).toMillis());
        assertThat(filler.isAlive()).isFalse();
    }

    @Test
    void aRestDoesNotBeginWhileSomebodyStillWaits() throws Exception {
        Progress progress = new Progress(State.LIVE, () -> {});
        assertThat(progress.await(7, System.nanoTime())).isFalse();

        progress.rest(System.nanoTime() + TimeUnit.HOURS.toNanos(1));

        assertThat(progress.position()).isZero();
    }
}

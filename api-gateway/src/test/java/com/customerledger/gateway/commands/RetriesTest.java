package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private final List<Duration> waits = new ArrayList<>();
    private final List<String> reports = new ArrayList<>();

    @Test
    void waitsDoubleUpToTheirBound() {
        assertThatThrownBy(() -> failing(12, new IOException("no connection")))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("no connection; given up after 12 attempts");
        assertThat(waits).hasSize(11);
        Duration full = Retries.WAIT_FIRST;
        for (Duration wait : waits) {
            assertThat(wait).isBetween(full.dividedBy(2), full);
            full = full.multipliedBy(2).compareTo(Retries.WAIT_MAX) < 0 ? full.multipliedBy(2) : Retries.WAIT_MAX;
        }
        assertThat(waits.get(10)).isGreaterThanOrEqualTo(Retries.WAIT_MAX.dividedBy(2));
        assertThat(reports).hasSize(11).first().isEqualTo("no connection; attempt 2 of 12 in 1 s");
    }

    @Test
    void theServersOwnWaitIsWaitedOut() {
        assertThatThrownBy(() -> failing(3, new Retries.ServerBusy("HTTP 503", Duration.ofSeconds(30))))
                .isInstanceOf(CommandFailure.class);
        assertThat(waits).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    @Test
    void aServerThatWantsTooLongAWaitIsGivenUpAtOnce() {
        assertThatThrownBy(() -> failing(3, new Retries.ServerBusy("HTTP 429", Duration.ofHours(1))))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("HTTP 429; given up after 1 attempt");
        assertThat(waits).isEmpty();
    }

    @Test
    void theFirstResultEndsTheAttempts() {
        int[] made = {0};
        String result = retries(5).call(reports::add, () -> {
            if (++made[0] < 3) {
                throw new IOException("not yet");
            }
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(waits).hasSize(2);
    }

    @Test
    void aRefusalIsNotRepeated() {
        assertThatThrownBy(() -> retries(5).call(reports::add, () -> {
                    throw Refused.of(422, "{}", null);
                }))
                .isInstanceOf(Refused.class);
        assertThat(waits).isEmpty();
    }

    @Test
    void anInterruptEndsTheAttemptsAndStaysSet() {
        assertThatThrownBy(() -> retries(5).call(reports::add, () -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(CommandFailure.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private void failing(int attempts, IOException failure) {
        retries(attempts).call(reports::add, () -> {
            throw failure;
        });
    }

    private Retries retries(int attempts) {
        return new Retries(attempts, waits::add, new Random(1));
    }
}

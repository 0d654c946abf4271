package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter printed = new StringWriter();
    private long now = 12_345;

    @Test
    void elsewhereALineIsPrintedEveryTwoSeconds() {
        try (Progress progress = progress(false, 10_000)) {
            for (int second = 1; second <= 5; second++) {
                now += Duration.ofSeconds(1).toNanos();
                progress.reached(second * 1_000L);
            }
        }
        assertThat(printed.toString()).isEqualToNormalizingNewlines("""
                        importing: 2,000 of 10,000 (1,000/s, 0:08 left)
                        importing: 4,000 of 10,000 (1,000/s, 0:06 left)
                        """);
    }

    @Test
    void shortWorkPrintsNothingElsewhere() {
        try (Progress progress = progress(false, 10)) {
            now += Duration.ofMillis(1_900).toNanos();
            progress.reached(10);
        }
        assertThat(printed.toString()).isEmpty();
    }

    @Test
    void onATerminalABarIsRedrawnAndTakenAway() {
        try (Progress progress = progress(true, 1_000_000)) {
            now += Duration.ofSeconds(10).toNanos();
            progress.reached(500_000);
            progress.reached(500_001);
            progress.say("a line above");
        }
        assertThat(printed.toString())
                .isEqualToNormalizingNewlines(
                        "\r\u001B[Kimporting [############............] 500,000 of 1,000,000 (50,000/s, 0:10 left)"
                                + "\r\u001B[Ka line above\n");
    }

    @Test
    void nothingDoneAfterAWhileHasNoTimeLeft() {
        try (Progress progress = progress(false, 10)) {
            now += Duration.ofSeconds(3).toNanos();
            progress.reached(0);
        }
        assertThat(printed.toString()).contains("0 of 10 (0/s, ? left)");
    }

    @Test
    void moreThanTheTotalHasNoTimeLeft() {
        try (Progress progress = progress(true, 10)) {
            now += Duration.ofSeconds(1).toNanos();
            progress.reached(11);
        }
        assertThat(printed.toString()).contains("importing: 11 (11/s)").doesNotContain("left");
    }

    @Test
    void anUnknownTotalIsLeftOut() {
        try (Progress progress = progress(false, 0)) {
            now += Duration.ofHours(2).toNanos();
            progress.reached(7_200);
        }
        assertThat(printed.toString()).isEqualToNormalizingNewlines("importing: 7,200 (1/s)\n");
    }

    @Test
    void whatIsPassedOverIsDoneAndSaysNothingAboutTheRate() {
        try (Progress progress = progress(false, 10_000)) {
            progress.passedOver(6_000);
            now += Duration.ofSeconds(2).toNanos();
            progress.reached(8_000);
        }
        assertThat(printed.toString())
                .isEqualToNormalizingNewlines("importing: 8,000 of 10,000 (1,000/s, 0:02 left)\n");
    }

    private Progress progress(boolean terminal, long total) {
        return new Progress(new PrintWriter(printed), terminal, () -> now, "importing", total);
    }
}

package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingTest {

    @Test
    void aLongWaitIsToldAndAShortOneIsNot() {
        StringWriter said = new StringWriter();
        CountDownLatch twice = new CountDownLatch(2);
        PrintWriter err = new PrintWriter(said) {
            @Override
            public void flush() {
                super.flush();
                twice.countDown();
            }
        };

        assertThat(Waiting.during(err, "opening", () -> "at once")).isEqualTo("at once");
        assertThat(said.toString()).isEmpty();

        assertThat(Waiting.during(err, "opening", () -> told(twice))).isTrue();
        assertThat(said.toString()).startsWith("opening: 2 s").contains("opening: 4 s");
    }

    private static boolean told(CountDownLatch twice) {
        try {
            return twice.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

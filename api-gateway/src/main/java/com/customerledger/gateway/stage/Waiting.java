package com.customerledger.gateway.stage;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits for what happens in other processes, which can only be asked for again and again. */
public final class Waiting {

    private static final long POLL_MS = 10;

    private Waiting() {}

    /** Asks another process; a connection that fails is a no. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /**
     * Waits until the condition holds.
     *
     * @param what what is waited for, for the message of a failure
     * @return how long that took
     * @throws PlayFailure when it does not hold in that time
     */
    public static Duration until(String what, Duration max, Condition condition) throws InterruptedException {
        long start = System.nanoTime();
        IOException last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return since(start);
                }
            } catch (IOException e) {
                last = e;
            }
            if (since(start).compareTo(max) > 0) {
                String message = "waited %d ms in vain for: %s".formatted(max.toMillis(), what);
                throw last == null ? new PlayFailure(message) : new PlayFailure(message, last);
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** One request, which can be sent again. */
    @FunctionalInterface
    public interface Request {
        Reply send() throws IOException, InterruptedException;
    }

    /**
     * Sends a request until it is answered; an answer that puts it off is none.
     *
     * @param what what is waited for, for the message of a failure
     * @throws PlayFailure when there is none in that time
     */
    public static Reply answer(String what, Duration max, Request request) throws InterruptedException {
        AtomicReference<@Nullable Reply> answered = new AtomicReference<>();
        until(what, max, () -> {
            Reply reply = request.send();
            answered.set(reply);
            return !reply.isUnavailable();
        });
        return PlayFailure.present(answered.get(), () -> "no answer");
    }

    /** How long ago that was, by {@link System#nanoTime}. */
    public static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}

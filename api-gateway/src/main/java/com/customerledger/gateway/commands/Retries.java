package com.customerledger.gateway.commands;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request again when the connection fails or the server asks for patience, so only requests that are safe to
 * repeat belong here. The waits double up to {@link #WAIT_MAX}, half of each drawn at random; a server's Retry-After is
 * waited out in full, unless it is longer than {@link #RETRY_AFTER_MAX}, which ends the attempts.
 *
 * <p>Safe for several threads when its pause and its random source are.
 */
final class Retries {

    static final Duration WAIT_FIRST = Duration.ofMillis(250);
    static final Duration WAIT_MAX = Duration.ofSeconds(10);
    static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(5);

    /** What a request is repeated with until it gives a result. */
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /** How a wait is spent; {@link Thread#sleep} outside of tests. */
    interface Pause {
        void spend(Duration wait) throws InterruptedException;
    }

    /** The server is there and asks to come again later. */
    static final class ServerBusy extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient @Nullable Duration retryAfter;

        ServerBusy(String message, @Nullable Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }
    }

    private final int attemptsMax;
    private final Pause pause;
    private final RandomGenerator random;

    /** @param attemptsMax how often one request is made altogether, at least 1 */
    Retries(int attemptsMax, Pause pause, RandomGenerator random) {
        this.attemptsMax = attemptsMax;
        this.pause = pause;
        this.random = random;
    }

    /**
     * The result of the first attempt that has one.
     *
     * @param report told about every wait, for a person to read
     * @throws CommandFailure when all attempts failed, or the thread was interrupted
     */
    <T> T call(Consumer<String> report, Attempt<T> attempt) {
        for (int made = 1; ; made++) {
            try {
                try {
                    return attempt.run();
                } catch (IOException e) {
                    Duration wait = wait(made, e);
                    if (made >= attemptsMax || wait.compareTo(RETRY_AFTER_MAX) > 0) {
                        throw new CommandFailure(
                                reason(e) + "; given up after " + made + (made == 1 ? " attempt" : " attempts"), e);
                    }
                    report.accept(reason(e) + "; attempt " + (made + 1) + " of " + attemptsMax + " in "
                            + Math.max(1, Math.round(wait.toMillis() / 1000.0)) + " s");
                    pause.spend(wait);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("Interrupted", e);
            }
        }
    }

    private Duration wait(int made, IOException failure) {
        long doubled = WAIT_FIRST.toMillis() << Math.min(made - 1, 20);
        long full = Math.min(doubled, WAIT_MAX.toMillis());
        Duration drawn = Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
        if (failure instanceof ServerBusy busy && busy.retryAfter != null && busy.retryAfter.compareTo(drawn) > 0) {
            return busy.retryAfter;
        }
        return drawn;
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}

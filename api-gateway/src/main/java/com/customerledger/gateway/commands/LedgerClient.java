package com.customerledger.gateway.commands;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's HTTP API as a merchant sees it. Every call fails with an {@link IOException} where another try may help
 * (no connection, a broken one, 429, 503 and what a proxy says in their place) and with {@link Refused} where it won't.
 *
 * <p>Safe for several threads.
 */
final class LedgerClient implements AutoCloseable {

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** How long the server may take to begin its answer, and between two pieces of it. */
    static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private static final long LOOK_EVERY_MS = 1_000;

    private final URI base;
    private final BasicCredentials credentials;
    private final HttpClient http;
    private final ScheduledThreadPoolExecutor watch;

    /** @param base scheme, host and port, and a path where a proxy puts the API below one */
    LedgerClient(URI base, BasicCredentials credentials) {
        this.base = base;
        this.credentials = credentials;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        this.watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "answer-watch");
            thread.setDaemon(true);
            return thread;
        });
        watch.setRemoveOnCancelPolicy(true);
    }

    /** An answer, with what was read from its body. */
    record Answer<T>(HttpHeaders headers, T body) {}

    interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }

    /** Sends a body that the server must not apply twice under the same {@code idempotencyKey}. */
    <T> Answer<T> post(String path, byte[] json, String idempotencyKey, BodyReader<T> reader)
            throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        HttpResponse<InputStream> response = send(request);
        try (InputStream body = guarded(response.body())) {
            return new Answer<>(response.headers(), reader.read(body));
        }
    }

    /** Streams an answer through {@code reader}, which need not know its length. */
    <T> T get(String pathAndQuery, BodyReader<T> reader) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(request(pathAndQuery).GET().build());
        try (InputStream body = guarded(response.body())) {
            return reader.read(body);
        }
    }

    /** Which ledger, and whose: the address and the key without its secret. */
    String ledgerAndKey() {
        return root() + ' ' + credentials.key();
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(root() + pathAndQuery))
                .timeout(SILENCE_MAX)
                .header("Accept", "application/json")
                .header("Authorization", credentials.basic());
    }

    private String root() {
        String root = base.toString();
        return root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new IOException("No connection to " + base, e);
        } catch (HttpTimeoutException e) {
            throw new IOException("No answer from " + base + " in time", e);
        }
        int status = response.statusCode();
        if (status / 100 == 2) {
            return response;
        }
        Duration retryAfter = retryAfter(response.headers());
        try (InputStream body = guarded(response.body())) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            // A conflict that says when to come again is the first sending of the same request, still at work.
            boolean later = status == 429
                    || status == 502
                    || status == 503
                    || status == 504
                    || (status == 409 && retryAfter != null);
            if (later) {
                throw new Retries.ServerBusy("HTTP " + status + " from " + base, retryAfter);
            }
            throw Refused.of(
                    status, text, response.headers().firstValue("X-Request-Id").orElse(null));
        }
    }

    /** In seconds or as a date (RFC 9110, 10.2.3); null where there is none that can be read. */
    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        if (value.isEmpty()) {
            return null;
        }
        try {
            Duration until = Duration.between(
                    Instant.now(),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            // The header is advice; without it the waits are the client's own.
            return null;
        }
    }

    /** The JDK's client waits for ever between two pieces of a body; here the stream is closed instead. */
    private InputStream guarded(InputStream body) {
        return new GuardedBody(body);
    }

    /** One alarm a body, which looks at the time now and then: one a read would wake a thread at each. */
    private final class GuardedBody extends FilterInputStream {

        private static final long NOT_WAITING = Long.MIN_VALUE;

        private final ScheduledFuture<?> alarm;
        private volatile long waitsSinceNs = NOT_WAITING;

        GuardedBody(InputStream body) {
            super(body);
            alarm = watch.scheduleWithFixedDelay(this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            waitsSinceNs = System.nanoTime();
            try {
                return super.read(bytes, offset, length);
            } finally {
                waitsSinceNs = NOT_WAITING;
            }
        }

        @Override
        public void close() throws IOException {
            alarm.cancel(false);
            super.close();
        }

        private void look() {
            long since = waitsSinceNs;
            if (since == NOT_WAITING || System.nanoTime() - since < SILENCE_MAX.toNanos()) {
                return;
            }
            try {
                in.close();
            } catch (IOException e) {
                throw new IllegalStateException("A silent answer could not be closed", e);
            }
        }
    }
}

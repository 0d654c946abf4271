package com.customerledger.gateway.stage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls one node with one key. Thread-safe. */
public final class Caller {

    /** Every call is answered in this time, whatever the database does. */
    public static final Duration ANSWER_MAX = Duration.ofSeconds(15);

    private static final Duration PUT_OFF_MAX = Duration.ofSeconds(30);

    private final HttpClient client;
    private final int port;
    private final @Nullable String authorization;
    private final Duration answerMax;

    /**
     * @param port of the node, on 127.0.0.1
     * @param credentials key and secret with a colon between them, or null for nobody's
     */
    public Caller(HttpClient client, int port, @Nullable String credentials) {
        this(
                client,
                port,
                credentials == null
                        ? null
                        : "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(credentials.strip().getBytes(StandardCharsets.UTF_8)),
                ANSWER_MAX);
    }

    private Caller(HttpClient client, int port, @Nullable String authorization, Duration answerMax) {
        this.client = client;
        this.port = port;
        this.authorization = authorization;
        this.answerMax = answerMax;
    }

    /** The same for calls whose answer may take that long. */
    public Caller within(Duration max) {
        return new Caller(client, port, authorization, max);
    }

    /**
     * GET.
     *
     * @throws IOException when the connection fails, or no answer comes in {@link #ANSWER_MAX}
     */
    public Reply get(String target) throws IOException, InterruptedException {
        return send(request(target).GET().build());
    }

    /**
     * POST of JSON.
     *
     * @throws IOException when the connection fails, or no answer comes in {@link #ANSWER_MAX}; then it is not known
     *     whether the request was carried out
     */
    public Reply post(String target, String body, @Nullable String idempotencyKey)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(target)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return send(request.build());
    }

    /**
     * POST of JSON, again and again while it is put off: on a slow machine a write may take longer than it is allowed to.
     *
     * @return the first other answer
     */
    public Reply postUntilAnswered(String target, String body, String idempotencyKey)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            Reply reply = post(target, body, idempotencyKey);
            if (!reply.isUnavailable() || Waiting.since(start).compareTo(PUT_OFF_MAX) > 0) {
                return reply;
            }
        }
    }

    /** All customers, by one whole list with versions, of one moment. */
    public List<Records.Sent> list() throws IOException, InterruptedException {
        return get("/customers/list?versions=true").ok().records();
    }

    private HttpRequest.Builder request(String target) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                .timeout(answerMax);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request;
    }

    private Reply send(HttpRequest request) throws IOException, InterruptedException {
        return new Reply(
                request.method() + " " + request.uri().getPath(), client.send(request, BodyHandlers.ofByteArray()));
    }
}

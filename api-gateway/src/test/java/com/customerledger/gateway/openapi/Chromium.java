package com.customerledger.gateway.openapi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A headless browser with one page, spoken to by its debugging protocol; nothing that it opens outlives it. */
final class Chromium implements AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String LISTENING = "DevTools listening on ";
    private static final long ANSWER_MAX_S = 60;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final String session;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /** The browser of this machine, if it has one. */
    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(directory -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Chromium(Path program) throws IOException {
        profile = Files.createTempDirectory("ledger-test-chromium-");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "--window-size=1280,1600",
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException(program + " ended before it listened");
        }
        drain(output);
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(line.substring(LISTENING.length()).strip()), new Messages(this::received))
                .join();
        String target = send(null, "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        session = send(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            send(session, domain + ".enable", Map.of());
        }
    }

    /** Reads on, so that the browser never waits for us. */
    private static void drain(BufferedReader output) {
        Thread thread = new Thread(() -> output.lines().forEach(line -> {}), "chromium-output");
        thread.setDaemon(true);
        thread.start();
    }

    void open(String url) {
        send(session, "Page.navigate", Map.of("url", url));
    }

    /** What an expression gives on the page, as text; a promise is awaited. */
    String evaluate(String expression) {
        JsonNode answer = send(
                session,
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.get("exceptionDetails").toString());
        }
        return answer.at("/result/value").asString();
    }

    /** Types into an element like a person, so that the page's own listeners hear of it. */
    void type(String selector, String text) {
        evaluate("document.querySelector('" + selector + "').focus()");
        send(session, "Input.insertText", Map.of("text", text));
    }

    /** Every address that the page has asked for. */
    List<String> requests() {
        return requests;
    }

    /** What went wrong on the page: uncaught errors, and what the browser refused or missed. */
    List<String> complaints() {
        return complaints;
    }

    private JsonNode send(@Nullable String to, String method, Map<String, Object> parameters) {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
        message.set("params", MAPPER.valueToTree(parameters));
        if (to != null) {
            message.put("sessionId", to);
        }
        socket.sendText(message.toString(), true).join();
        try {
            JsonNode reply = answer.get(ANSWER_MAX_S, TimeUnit.SECONDS);
            if (reply.has("error")) {
                throw new IllegalStateException(method + ": " + reply.get("error"));
            }
            return reply.get("result");
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(method, failure);
        }
    }

    private void received(String text) {
        JsonNode message = MAPPER.readTree(text);
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.get("id").asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        switch (message.get("method").asString()) {
            case "Network.requestWillBeSent" ->
                requests.add(message.at("/params/request/url").asString());
            case "Runtime.exceptionThrown" ->
                complaints.add(message.at("/params/exceptionDetails").toString());
            case "Log.entryAdded" -> {
                if (Set.of("warning", "error")
                        .contains(message.at("/params/entry/level").asString())) {
                    complaints.add(message.at("/params/entry").toString());
                }
            }
            default -> {}
        }
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        // Its helpers are told to end by it, end after it, and write to the profile until then.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        process.destroy();
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(10, TimeUnit.SECONDS);
            } catch (TimeoutException stuck) {
                each.destroyForcibly();
                each.onExit().join();
            } catch (ExecutionException failed) {
                throw new IOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException(interrupted));
            }
        }
        FileSystemUtils.deleteRecursively(profile);
    }

    /** Puts messages together that come in parts. */
    private static final class Messages implements WebSocket.Listener {

        private final Consumer<String> receiver;
        private final StringBuilder parts = new StringBuilder();

        Messages(Consumer<String> receiver) {
            this.receiver = receiver;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
            parts.append(part);
            if (last) {
                receiver.accept(parts.toString());
                parts.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}

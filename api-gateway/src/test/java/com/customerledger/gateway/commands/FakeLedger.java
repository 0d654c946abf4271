package com.customerledger.gateway.commands;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.core.JsonGenerator;

/**
 * As much of the ledger's HTTP contract as its commands use, in memory, so that the answers of a server in trouble can be
 * played. The true server is held against the same commands elsewhere.
 */
final class FakeLedger implements AutoCloseable {

    static final String CREDENTIALS = "key:secret";

    /** Plays an answer in place of the true one. */
    interface Trouble {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** The connection ends before an answer begins. */
    static final Trouble NO_ANSWER = HttpExchange::close;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> answersByKey = new HashMap<>();
    private final Set<String> references = new HashSet<>();
    private final List<JsonTree.Members> customers = new ArrayList<>();
    private final Deque<Trouble> troubles = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final Map<String, Integer> heldUntil = new HashMap<>();
    private final Set<String> lost = new HashSet<>();
    private UnaryOperator<String> listed = UnaryOperator.identity();

    FakeLedger() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next requests are answered so, one each. */
    synchronized void next(Trouble... answers) {
        Collections.addAll(troubles, answers);
    }

    /** One request is answered as ever. */
    Trouble noTrouble() {
        return this::answer;
    }

    /** The batch that holds the reference is worked on once so many customers are stored. */
    synchronized void hold(String reference, int untilStored) {
        heldUntil.put(reference, untilStored);
    }

    /** The batch that holds the reference is lost on its way, however often it is sent. */
    synchronized void lose(String reference) {
        lost.add(reference);
    }

    /** Nothing is held or lost any more. */
    synchronized void release() {
        heldUntil.clear();
        lost.clear();
        notifyAll();
    }

    /** What a day does: no batch is known by its key any more. */
    synchronized void forgetKeys() {
        answersByKey.clear();
    }

    static Trouble busy(int status, String retryAfter) {
        return exchange -> {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
            send(exchange, status, "{\"status\":false,\"error_code\":\"010\",\"error_message\":\"Later\"}");
        };
    }

    /** What the ledger is given is stored, and the answer is lost. */
    Trouble answerLost() {
        return exchange -> {
            create(exchange);
            exchange.close();
        };
    }

    /** The list's text is changed so on its way out. */
    synchronized void listedAs(UnaryOperator<String> change) {
        listed = change;
    }

    /** The first half of the list is sent and the connection cut. */
    Trouble listCutOff() {
        return exchange -> {
            byte[] bytes = list(Map.of()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            body.write(bytes, 0, bytes.length / 2);
            body.flush();
            throw new IOException("cut off as the test wants it");
        };
    }

    synchronized int stored() {
        return customers.size();
    }

    /** Method and target of every request, in order. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        Trouble trouble = troubles.poll();
        (trouble == null ? noTrouble() : trouble).answer(exchange);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!new BasicCredentials("key", "secret").basic().equals(authorization)) {
            send(exchange, 401, "{\"status\":false,\"error_code\":\"001\",\"error_message\":\"Invalid API key\"}");
        } else if (exchange.getRequestURI().getPath().equals("/customers/create")) {
            send(exchange, create(exchange));
        } else {
            send(exchange, new Answer(200, listed.apply(list(query(exchange)))));
        }
    }

    private record Answer(int status, String body) {}

    private Answer create(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        JsonTree.Members body = parsed(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        List<JsonTree.Members> records = ((JsonTree.Items) body.get("records"))
                .values().stream().map(each -> (JsonTree.Members) each).toList();
        if (records.stream().anyMatch(record -> lost.contains(reference(record)))) {
            throw new IOException("lost as the test wants it");
        }
        awaitTurn(records);
        String first = answersByKey.get(key);
        if (first != null) {
            exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
            return new Answer(200, first);
        }
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).get("email").equals(new JsonTree.Text("not an e-mail"))) {
                faults.add("{\"index\":" + i + ",\"record\":{},\"errors\":{\"email\":"
                        + "{\"message\":\"must be a valid e-mail address\",\"rule\":\"email\"}}}");
            }
        }
        if (!faults.isEmpty()) {
            return new Answer(
                    422,
                    "{\"status\":false,\"error_code\":\"005\",\"error_message\":\"Validation failed\",\"error_details\":"
                            + faults + "}");
        }
        for (int i = 0; i < records.size(); i++) {
            if (references.contains(reference(records.get(i)))) {
                faults.add("{\"index\":" + i + ",\"record\":{},\"errors\":{\"reference\":"
                        + "{\"message\":\"is taken by another of your customers\",\"rule\":\"taken\"}}}");
            }
        }
        if (!faults.isEmpty()) {
            return new Answer(
                    409,
                    "{\"status\":false,\"error_code\":\"008\",\"error_message\":\"Conflict\",\"error_details\":"
                            + faults + "}");
        }
        records.forEach(record -> references.add(reference(record)));
        List<JsonTree> stored = new ArrayList<>();
        for (JsonTree.Members record : records) {
            JsonTree.Members customer = customer(record, customers.size());
            customers.add(customer);
            stored.add(customer);
        }
        String answer = answer(stored, Map.of());
        answersByKey.put(key, answer);
        notifyAll();
        return new Answer(200, answer);
    }

    /** Others are let in meanwhile. */
    private void awaitTurn(List<JsonTree.Members> records) throws IOException {
        while (records.stream().anyMatch(record -> heldUntil.getOrDefault(reference(record), 0) > customers.size())) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException("the ledger was closed meanwhile", e);
            }
        }
    }

    private static JsonTree.Members customer(JsonTree.Members record, int number) {
        Map<String, JsonTree> fields = new LinkedHashMap<>();
        fields.put("id", new JsonTree.Text("cus_" + number));
        for (CustomerField field : CustomerField.all()) {
            fields.put(field.json(), record.get(field.json()));
        }
        JsonTree archived = new JsonTree.Text(Lookup.ARCHIVED.id());
        fields.computeIfPresent(
                CustomerField.CUSTOMER_STATUS.json(),
                (name, value) -> value.equals(JsonTree.NOTHING) ? new JsonTree.Text(Lookup.ACTIVE.id()) : value);
        JsonTree time = new JsonTree.Text("2025-03-01 12:00:00");
        fields.put(
                "deleted_at",
                archived.equals(fields.get(CustomerField.CUSTOMER_STATUS.json())) ? time : JsonTree.NOTHING);
        fields.put("updated_at", JsonTree.NOTHING);
        fields.put("created_at", time);
        return new JsonTree.Members(fields);
    }

    private String list(Map<String, String> query) {
        List<JsonTree> newestFirst = new ArrayList<>(customers);
        Collections.reverse(newestFirst);
        String limit = query.get("limit");
        if (limit == null) {
            return answer(newestFirst, Map.of());
        }
        int from = Integer.parseInt(query.getOrDefault("cursor", "0"));
        int to = Math.min(newestFirst.size(), from + Integer.parseInt(limit));
        JsonTree next = to == newestFirst.size() ? JsonTree.NOTHING : new JsonTree.Text(String.valueOf(to));
        return answer(newestFirst.subList(from, to), Map.of("next_cursor", next));
    }

    private static String answer(List<JsonTree> results, Map<String, JsonTree> more) {
        Map<String, JsonTree> members = new LinkedHashMap<>();
        members.put("status", new JsonTree.Bool(true));
        members.put("results", new JsonTree.Items(results));
        members.putAll(more);
        return Json.text(out -> write(out, new JsonTree.Members(members)));
    }

    private static void write(JsonGenerator out, JsonTree value) {
        if (value instanceof JsonTree.Members members) {
            out.writeStartObject();
            members.values().forEach((name, each) -> {
                out.writeName(name);
                write(out, each);
            });
            out.writeEndObject();
        } else if (value instanceof JsonTree.Items items) {
            out.writeStartArray();
            items.values().forEach(each -> write(out, each));
            out.writeEndArray();
        } else if (value instanceof JsonTree.Text text) {
            out.writeString(text.value());
        } else {
            out.writeRawValue(value.toString());
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        String query = exchange.getRequestURI().getQuery();
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                String[] pair = parameter.split("=", 2);
                parameters.put(pair[0], pair[1]);
            }
        }
        return parameters;
    }

    private static String reference(JsonTree.Members record) {
        return ((JsonTree.Text) record.get(CustomerField.REFERENCE.json())).value();
    }

    static JsonTree.Members parsed(String json) {
        try {
            return (JsonTree.Members) JsonTree.parse(json);
        } catch (JsonTree.Malformed e) {
            throw new AssertionError(json, e);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        send(exchange, answer.status(), answer.body());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

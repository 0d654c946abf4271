package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyRegister;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The feed of a merchant's events, in pages and pushed. */
class FeedTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final String CREATE = "/customers/create";

    /** A feed that stays open. */
    private static final class Listener implements AutoCloseable {

        private final RawConnection connection;
        private final BufferedReader lines;

        Listener(TestServer server, Caller caller, String target, String... headers) throws IOException {
            connection = new RawConnection(server.port());
            connection.send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Accept: text/event-stream\r\n" + caller.authorization() + String.join("\r\n", headers)
                    + (headers.length > 0 ? "\r\n" : "") + "\r\n");
            lines = new BufferedReader(
                    new InputStreamReader(connection.socket().getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next line that begins so; fails when there is none any more. */
        String next(String begin) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(begin)) {
                    return line;
                }
            }
            throw new IOException("the feed ended before a line with " + begin);
        }

        int status() throws IOException {
            return Integer.parseInt(next("HTTP/1.1 ").split(" ", -1)[1]);
        }

        /** The rest, until it ends. */
        List<String> rest() throws IOException {
            List<String> rest = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rest.add(line);
            }
            return rest;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    private static String[] companies(int count) {
        return Stream.generate(Bodies::company).limit(count).toArray(String[]::new);
    }

    private static List<Long> numbers(Reply page) {
        return page.json()
                .get("results")
                .valueStream()
                .map(each -> each.get("number").asLong())
                .toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aMerchantsEventsAreCountedFromOne() {
        Caller caller = SERVER.merchant();
        Caller other = SERVER.merchant();
        Reply none = caller.get("/events");
        assertThat(none.text()).matches("\\{\"status\":true,\"epoch\":1,\"results\":\\[],\"next_after\":0}");
        for (int i = 0; i < 3; i++) {
            caller.post(CREATE, Bodies.records(companies(50)));
            assertThat(numbers(caller.get("/events?limit=1000"))).isEqualTo(range(1, 50L * (i + 1)));
            other.post(CREATE, Bodies.records(companies(3)));
        }

        Reply first = caller.get("/events");
        Reply second = caller.get("/events?after=" + first.at("/next_after"));

        assertThat(numbers(first)).isEqualTo(range(1, 100));
        assertThat(numbers(second)).isEqualTo(range(101, 150));
        assertThat(second.at("/next_after")).isEqualTo("150");
        assertThat(caller.get("/events?after=150").at("/next_after")).isEqualTo("150");
        assertThat(caller.get("/events?after=1-149&limit=1").at("/results/0/number"))
                .isEqualTo("150");
        assertThat(numbers(other.get("/events"))).isEqualTo(range(1, 9));
    }

    @Test
    void anEntryHasTheDocumentedForm() {
        Caller caller = SERVER.merchant();
        String id = caller.post(CREATE, Bodies.records(Bodies.company()), "X-Actor", "thandi")
                .at("/results/0/id");

        JsonNode entry = caller.get("/events").json().at("/results/0");
        JsonNode inHistory = caller.get("/customers/" + id + "/history").json().at("/results/0");

        assertThat(entry.propertyNames())
                .containsExactly(
                        "format",
                        "number",
                        "customer_id",
                        "key",
                        "version",
                        "type",
                        "at",
                        "actor",
                        "reason",
                        "request_id",
                        "changes");
        assertThat(entry.get("format").asInt()).isEqualTo(1);
        assertThat(entry.get("customer_id").asString()).isEqualTo(id);
        inHistory.propertyNames().forEach(name -> assertThat(entry.get(name)).isEqualTo(inHistory.get(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=",
                "after=x",
                "after=-1",
                "after=1-",
                "after=0-5",
                "after=2-0",
                "after=1.5",
                "after=1-2-3",
                "after=%2B1",
                "after=1234567890123456789",
                "after=1234567890-1",
                "after=%D9%A1",
                "limit=0",
                "limit=1001",
                "limit=x",
                "limit=1&limit=1",
                "consistency=eventual",
                "cursor=x"
            })
    void whatIsNoPlaceIsRefused(String query) {
        Reply reply = SERVER.merchant().get("/events?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("006");
    }

    @Test
    void theTypeThatIsAskedForIsAnswered() throws IOException {
        Caller caller = SERVER.merchant();

        assertThat(caller.get("/events", "Accept", "*/*").header("Content-Type"))
                .isEqualTo("application/json");
        assertThat(caller.get("/events", "Accept", "application/json, text/event-stream")
                        .header("Content-Type"))
                .isEqualTo("application/json");
        assertThat(caller.get("/events", "Accept", "text/html").status()).isEqualTo(406);
        assertThat(caller.send("HEAD", "/events", null, "Accept", "text/event-stream")
                        .header("Content-Type"))
                .startsWith("text/event-stream");
        for (String[] refused : new String[][] {
            {"/events?limit=5"},
            {"/events", "Last-Event-ID: x"},
            {"/events", "Last-Event-ID: 9-1"},
            {"/events?after=9-1"}
        }) {
            try (Listener listener = new Listener(
                    SERVER, caller, refused[0], Stream.of(refused).skip(1).toArray(String[]::new))) {
                assertThat(listener.status()).isEqualTo(400);
                assertThat(listener.next("{")).contains("\"006\"");
            }
        }
    }

    @Test
    void eventsArePushedAsTheyCome() throws IOException {
        Caller caller = SERVER.merchant();
        caller.post(CREATE, Bodies.records(companies(2)));
        try (Listener listener = new Listener(SERVER, caller, "/events?after=1")) {
            assertThat(listener.status()).isEqualTo(200);
            assertThat(listener.next("Content-Type:")).contains("text/event-stream");
            assertThat(listener.next("id: ")).isEqualTo("id: 1-2");
            for (int i = 3; i < 20; i++) {
                caller.post(CREATE, Bodies.records(Bodies.company()));
                assertThat(listener.next("id: ")).isEqualTo("id: 1-" + i);
                assertThat(listener.next("event: ")).isEqualTo("event: change");
                assertThat(listener.next("data: "))
                        .isEqualTo("data: "
                                + caller.get("/events?limit=1&after=" + (i - 1))
                                        .json()
                                        .at("/results/0"));
            }
        }
        try (Listener listener = new Listener(SERVER, caller, "/events?after=1", "Last-Event-ID: 1-18")) {
            assertThat(listener.next("id: ")).isEqualTo("id: 1-19");
        }
    }

    @Test
    void aListenerHasEveryEventOnceWhateverIsWrittenMeanwhile() throws Exception {
        Caller caller = SERVER.merchant();
        Caller other = SERVER.merchant();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 40; i++) {
                caller.post(CREATE, Bodies.records(companies(3)));
                other.post(CREATE, Bodies.records(Bodies.company()));
            }
        });
        writer.start();
        try (Listener listener = new Listener(SERVER, caller, "/events")) {
            for (int i = 1; i <= 120; i++) {
                assertThat(listener.next("id: ")).isEqualTo("id: 1-" + i);
            }
        }
        writer.join();
    }

    @Test
    void aDisabledKeyHearsNoMore() throws IOException {
        Caller caller = SERVER.key("disabled listener", Kind.READ_ONLY);
        try (Listener listener = new Listener(SERVER, caller, "/events")) {
            assertThat(listener.status()).isEqualTo(200);
            assertThat(listener.next(":")).isEqualTo(":");
            long startedAt = System.nanoTime();
            assertThat(SERVER.bean(KeyRegister.class).disable(caller.key())).isTrue();

            // The last chunk: the answer ends whole.
            assertThat(listener.rest()).contains("0");
            assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void feedsAreLimitedShowThatTheyLiveAndEndWithTheServer() throws Exception {
        try (TestServer server = TestServer.start(Map.of(
                "ledger.feed.heartbeat-ms", "100",
                "ledger.feed.streams-per-key-max", "2",
                "ledger.feed.streams-max", "3"))) {
            Caller one = server.merchant();
            Caller two = server.merchant();
            try (Listener first = new Listener(server, one, "/events");
                    Listener third = new Listener(server, two, "/events")) {
                try (Listener second = new Listener(server, one, "/events")) {
                    for (Listener each : List.of(first, second, third)) {
                        assertThat(each.status()).isEqualTo(200);
                        assertThat(List.of(each.next(":"), each.next(":"), each.next(":")))
                                .containsOnly(":");
                    }
                    for (Caller caller : List.of(one, two)) {
                        Reply refused = caller.get("/events", "Accept", "text/event-stream");
                        assertThat(refused.status()).isEqualTo(429);
                        assertThat(refused.code()).isEqualTo("009");
                        assertThat(refused.header("Retry-After")).isEqualTo("1");
                    }
                    assertThat(one.get("/events").status()).isEqualTo(200);
                }
                // A client that went away makes room with the next heartbeat.
                await().atMost(30, TimeUnit.SECONDS).until(() -> opens(server, one));

                long startedAt = System.nanoTime();
                server.close();
                assertThat(first.rest()).contains("0");
                assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }

    private static boolean opens(TestServer server, Caller caller) throws IOException {
        try (Listener listener = new Listener(server, caller, "/events")) {
            return listener.status() == 200;
        }
    }
}

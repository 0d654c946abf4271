package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Page;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.gateway.http.ScriptedQueries.Script;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a list goes out, well and badly: against a read side that does what the test says. */
class ListStreamTest {

    private static final int BUFFER = 32 * 1024;
    private static final Place SOMEWHERE = new Place(1_732_000_000_123_456L, "cus_abcdefghijklmnopqrstu");

    private static TestServer server;
    private static ScriptedQueries queries;
    private static TestServer.Caller caller;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                Map.of("ledger.http.transfer-timeout-ms", "500"), ScriptedQueries.InPlaceOfTheReal.class);
        queries = server.bean(ScriptedQueries.class);
        caller = server.key("acme", Kind.READ_WRITE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Script whole(int records, int length) {
        return (query, reader) -> {
            reader.begin(7);
            ScriptedQueries.records(reader, records, length);
            return Optional.empty();
        };
    }

    private static Script page(@Nullable Place last) {
        return (query, reader) -> {
            reader.begin(0);
            ScriptedQueries.records(reader, 1, 100);
            return Optional.ofNullable(last);
        };
    }

    @Test
    void anEmptyListIsAnEmptyArray() {
        queries.does(whole(0, 0));

        assertThat(caller.get("/customers/list").text()).isEqualTo("{\"status\":true,\"results\":[]}");
    }

    @Test
    void aShortListHasItsLength() {
        queries.does(whole(3, 100));

        Reply reply = caller.get("/customers/list");

        assertThat(reply.json().get("results")).hasSize(3);
        assertThat(reply.header("Content-Length")).isEqualTo(String.valueOf(reply.body().length));
    }

    @Test
    void aLongListComesWhole() {
        queries.does(whole(100_000, 500));

        Reply reply = caller.get("/customers/list");

        assertThat(reply.header("Content-Length")).isNull();
        assertThat(reply.json().get("results")).hasSize(100_000);
    }

    @Test
    void aListOfRecordsLongerThanTheBufferComesWhole() {
        queries.does(whole(3, 3 * BUFFER + 1));

        assertThat(caller.get("/customers/list").json().get("results")).hasSize(3);
    }

    @Test
    void onlyAnEventualAnswerSaysHowFarItIsBehind() {
        queries.does(whole(1, 100));

        assertThat(caller.get("/customers/list").header("Ledger-Lag-Ms")).isNull();
        assertThat(caller.get("/customers/list?consistency=eventual").header("Ledger-Lag-Ms"))
                .isEqualTo("7");
        assertThat(Objects.requireNonNull(queries.asked()).consistency()).isEqualTo(Consistency.EVENTUAL);
    }

    @Test
    void headAnswersAsGetWithoutBodyAndWithoutReadingTheList() {
        queries.does(whole(1, 100));

        Reply reply = caller.send("HEAD", "/customers/list?consistency=eventual", null);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Ledger-Lag-Ms")).isEqualTo("7");
        assertThat(reply.body()).isEmpty();
        assertThat(Objects.requireNonNull(queries.asked()).page()).isEqualTo(new Page(1, null));
    }

    @Test
    void aViewThatCannotAnswerIs503() {
        queries.does((query, reader) -> {
            throw new UnavailableException("behind", 4, null);
        });

        Reply reply = caller.get("/customers/list");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.code()).isEqualTo("010");
        assertThat(reply.header("Retry-After")).isEqualTo("4");
    }

    @Test
    void tooManyListsAre429() {
        queries.does((query, reader) -> {
            throw new RefusedException(Refusal.of(ErrorCode.RATE, "Too many lists"));
        });

        Reply reply = caller.get("/customers/list");

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.code()).isEqualTo("009");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void aFailureTellsTheRequestsIdAndNothingOfTheInside() {
        queries.does((query, reader) -> {
            throw new IllegalStateException("SELECT secret FROM inside");
        });

        Reply reply = caller.get("/customers/list", "X-Request-Id", "my-request");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text())
                .isEqualTo("{\"status\":false,\"error_code\":\"011\",\"error_message\":"
                        + "\"Unexpected error in request my-request\",\"error_details\":[]}");
    }

    @Test
    void aFailureBeforeTheFirstByteIsAnsweredAsOne() {
        queries.does((query, reader) -> {
            reader.begin(0);
            ScriptedQueries.records(reader, 10, 1_000);
            throw new IOException("the database is gone");
        });

        Reply reply = caller.get("/customers/list");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.code()).isEqualTo("010");
    }

    @Test
    void aFailureAfterTheFirstByteCutsTheAnswerOff() throws IOException {
        for (Exception failure : new Exception[] {
            new IOException("the database is gone"),
            new IllegalStateException("a bug"),
            new UnavailableException("gone", null)
        }) {
            queries.does((query, reader) -> {
                reader.begin(0);
                ScriptedQueries.records(reader, 1_000, 1_000);
                if (failure instanceof IOException gone) {
                    throw gone;
                }
                throw (RuntimeException) failure;
            });
            try (RawConnection connection = new RawConnection(server.port())) {
                String answer = connection
                        .send("GET /customers/list HTTP/1.1\r\nHost: x\r\n" + caller.authorization() + "\r\n")
                        .readToTheEnd();

                assertThat(answer).startsWith("HTTP/1.1 200").contains("Transfer-Encoding: chunked");
                assertThat(answer.length()).isGreaterThan(BUFFER);
                assertThat(answer)
                        .doesNotContain("]")
                        .doesNotContain("\r\n0\r\n")
                        .doesNotContain("error_code");
            }
        }
    }

    @Test
    void aReaderThatDoesNotReadIsDroppedAndHoldsUpNobody() throws Exception {
        queries.ends().clear();
        queries.does(whole(1_000_000, 1_000));
        try (RawConnection deaf = new RawConnection(server.port())) {
            deaf.send("GET /customers/list HTTP/1.1\r\nHost: x\r\n" + caller.authorization() + "\r\n");
            await().until(() -> deaf.socket().getInputStream().available() > 0);

            assertThat(caller.get("/lookups").status()).isEqualTo(200);
            assertThat(queries.ends().poll(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPageSaysWhereTheNextBegins() {
        queries.does(page(SOMEWHERE));
        String cursor = caller.get("/customers/list?limit=1").at("/next_cursor");

        queries.does(page(null));
        Reply last = caller.get("/customers/list?limit=20&cursor=" + cursor);

        assertThat(Objects.requireNonNull(queries.asked()).page()).isEqualTo(new Page(20, SOMEWHERE));
        assertThat(last.text()).endsWith("],\"next_cursor\":null}");
    }

    @Test
    void aCursorFitsItsOwnListOnly() {
        queries.does(page(SOMEWHERE));
        String cursor =
                caller.get("/customers/list?limit=1&date_start=2024-02-29").at("/next_cursor");
        String list = "/customers/list?limit=1&cursor=";

        assertThat(caller.get(list + cursor + "&date_start=2024-02-29").status())
                .isEqualTo(200);
        assertThat(caller.get(list + cursor + "&date_start=2024-02-29&versions=true")
                        .status())
                .isEqualTo(200);
        assertRefused(caller.get(list + cursor));
        assertRefused(caller.get(list + cursor + "&date_start=2024-02-28"));
        assertRefused(caller.get(list + cursor + "&date_start=2024-02-29&date_end=2025-01-01"));
        assertRefused(server.key("other", Kind.READ_ONLY).get(list + cursor + "&date_start=2024-02-29"));
        assertThat(server.key("acme", Kind.READ_ONLY)
                        .get(list + cursor + "&date_start=2024-02-29")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aCursorWithAnyOtherLetterIsRefused() {
        queries.does(page(SOMEWHERE));
        String cursor = caller.get("/customers/list?limit=1").at("/next_cursor");

        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            assertRefused(caller.get(
                    "/customers/list?limit=1&cursor=" + cursor.substring(0, i) + other + cursor.substring(i + 1)));
        }
        for (String none :
                new String[] {"", "x", "%3D", cursor + "A", cursor + "%3D", cursor.substring(1), "A".repeat(5_000)}) {
            assertRefused(caller.get("/customers/list?limit=1&cursor=" + none));
        }
    }

    @Test
    void aListenerThatGoesAwayEndsTheList() throws Exception {
        queries.ends().clear();
        queries.does(whole(1_000_000, 1_000));
        try (RawConnection leaving = new RawConnection(server.port())) {
            leaving.send("GET /customers/list HTTP/1.1\r\nHost: x\r\n" + caller.authorization() + "\r\n");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> leaving.socket().getInputStream().available() > 0);
        }

        assertThat(queries.ends().poll(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void theQueryIsWhatWasAsked() {
        queries.does(whole(0, 0));

        caller.get("/customers/list?customer_status_lookups_id=loo_CbOmCgDMnATtEX2ynSoQ0"
                + "&date_start=2024-02-29&date_end=2024-03-01&versions=true");

        ListCustomers asked = Objects.requireNonNull(queries.asked());
        assertThat(asked.key()).isEqualTo(caller.key());
        assertThat(String.valueOf(asked.status())).isEqualTo("ACTIVE");
        assertThat(asked.dateStart()).isEqualTo("2024-02-29");
        assertThat(asked.dateEnd()).isEqualTo("2024-03-01");
        assertThat(asked.withVersions()).isTrue();
        assertThat(asked.page()).isNull();
        assertThat(asked.consistency()).isEqualTo(Consistency.STRONG);
    }

    @Test
    void aBodyThatNobodyWantsHoldsNobodyUp() throws IOException {
        for (String target : new String[] {"GET /actuator/health", "POST /customers/create", "POST /nothing"}) {
            try (RawConnection slow = new RawConnection(server.port())) {
                slow.send(target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nbegin");
                assertThat(slow.read().status()).isIn(200, 401);

                // Nothing more comes from either side, and the server ends it.
                assertThat(slow.readToTheEnd()).isEmpty();
            }
        }
    }

    @Test
    void aBodyThatNobodyWantsIsReadSoThatTheNextRequestIsAnswered() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            String body = "x".repeat(1_000_000);
            connection.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + body);
            assertThat(connection.read().status()).isEqualTo(401);

            connection.send("GET /lookups HTTP/1.1\r\nHost: x\r\n" + caller.authorization() + "\r\n");
            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatDoesNotArriveInTimeIs408() throws Exception {
        try (RawConnection slow = new RawConnection(server.port())) {
            slow.send("POST /customers/create HTTP/1.1\r\nHost: x\r\n" + caller.authorization()
                    + "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{");

            Reply reply = slow.read();

            assertThat(reply.status()).isIn(400, 408);
            assertThat(reply.code()).isEqualTo("006");
        }
    }

    private static void assertRefused(Reply reply) {
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("006");
    }
}

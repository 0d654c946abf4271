package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Correlation, safe retries, entity tags, methods and types: what headers say. */
class HeadersTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final Caller CALLER = SERVER.merchant();
    private static final String CREATE = "/customers/create";

    @Test
    void aRequestsIdIsEchoed() {
        for (String id : List.of("a", "my request/1", "~!@#$%^&*()", "x".repeat(64))) {
            assertThat(CALLER.get("/lookups", "X-Request-Id", id).header("X-Request-Id"))
                    .isEqualTo(id);
        }
    }

    @Test
    void anErrorHasTheRequestsIdToo() {
        assertThat(CALLER.get("/nope", "X-Request-Id", "mine").header("X-Request-Id"))
                .isEqualTo("mine");
        assertThat(SERVER.nobody().get("/lookups", "X-Request-Id", "mine").header("X-Request-Id"))
                .isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "65 characters are too many for the id of a request, as is this one.", "caf\u00e9", "a\tb"})
    void anotherIdIsMadeForOneThatIsNot(String id) throws IOException {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            Reply reply = connection
                    .send("GET /lookups HTTP/1.1\r\nHost: x\r\n" + CALLER.authorization() + "X-Request-Id: " + id
                            + "\r\n\r\n")
                    .read();

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("X-Request-Id")).matches("req_[A-Za-z0-9_-]{21}");
        }
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("X-Actor", "x".repeat(128), 200),
                Arguments.of("X-Actor", "x".repeat(129), 400),
                Arguments.of("X-Actor", "é".repeat(128), 200),
                Arguments.of("X-Actor", "😀".repeat(128), 200),
                Arguments.of("X-Actor", "😀".repeat(129), 400),
                Arguments.of("X-Actor", "a\u0085b", 400),
                Arguments.of("X-Actor", "a\tb", 400),
                Arguments.of("X-Actor", "Ādam Šmídt", 200),
                Arguments.of("X-Change-Reason", "x".repeat(256), 200),
                Arguments.of("X-Change-Reason", "x".repeat(257), 400),
                Arguments.of("Idempotency-Key", "x".repeat(255), 200),
                Arguments.of("Idempotency-Key", "x".repeat(256), 400),
                Arguments.of("Idempotency-Key", "", 400));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void aWritesHeadersAreHeldToTheirLimits(String header, String value, int status) throws IOException {
        String body = Bodies.records(Bodies.company());
        byte[] head = ("POST /customers/create HTTP/1.1\r\nHost: x\r\n" + CALLER.authorization()
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n" + header + ": "
                        + value + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            Reply reply = connection.send(head).read();

            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.code()).isEqualTo(status == 200 ? "" : "006");
        }
    }

    @Test
    void aHeaderThatIsSentTwiceIsRefused() {
        assertThat(CALLER.post(CREATE, Bodies.records(Bodies.company()), "Idempotency-Key", "a", "Idempotency-Key", "b")
                        .code())
                .isEqualTo("006");
    }

    @Test
    void theSameRequestAgainGetsTheSameAnswerAndWritesNothing() {
        Caller caller = SERVER.merchant();
        String body = Bodies.records(Bodies.company());

        Reply first = caller.post(CREATE, body, "Idempotency-Key", "one");
        Reply again = caller.post(CREATE, body, "Idempotency-Key", "one");

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Idempotent-Replayed")).isNull();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(caller.get("/customers/list").json().get("results")).hasSize(1);
    }

    @Test
    void anotherRequestUnderTheSameKeyIs409() {
        String body = Bodies.records(Bodies.company());
        CALLER.post(CREATE, body, "Idempotency-Key", "two");

        for (Reply reply : List.of(
                CALLER.post(CREATE, body + " ", "Idempotency-Key", "two"),
                CALLER.post(CREATE + "?versions=true", body, "Idempotency-Key", "two"),
                CALLER.post("/customers/update", body, "Idempotency-Key", "two"))) {
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.code()).isEqualTo("008");
        }
        assertThat(SERVER.merchant()
                        .post(CREATE, body, "Idempotency-Key", "two")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aRefusedRequestStoresNothingUnderItsKey() {
        assertThat(CALLER.post(CREATE, Bodies.records("{}"), "Idempotency-Key", "three")
                        .status())
                .isEqualTo(422);
        assertThat(CALLER.post(CREATE, Bodies.records(Bodies.company()), "Idempotency-Key", "three")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void manyAtOnceUnderOneKeyWriteOnce() {
        Caller caller = SERVER.merchant();
        String body = Bodies.records(Bodies.company());
        List<CompletableFuture<Reply>> calls = IntStream.range(0, 8)
                .mapToObj(
                        i -> CompletableFuture.supplyAsync(() -> caller.post(CREATE, body, "Idempotency-Key", "four")))
                .toList();

        List<Reply> replies = calls.stream().map(CompletableFuture::join).toList();

        assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isIn(200, 409));
        assertThat(replies.stream()
                        .filter(reply -> reply.status() == 200)
                        .map(Reply::text)
                        .distinct())
                .hasSize(1);
        assertThat(caller.get("/customers/list").json().get("results")).hasSize(1);
    }

    @Test
    void aRecordsVersionIsItsEntityTag() {
        String id = CALLER.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        Reply first = CALLER.get("/customers/" + id);
        assertThat(first.header("ETag")).isEqualTo("\"1\"");

        for (String tag : List.of("\"1\"", "W/\"1\"", "\"7\", \"1\"", "*")) {
            Reply same = CALLER.get("/customers/" + id, "If-None-Match", tag);
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.header("ETag")).isEqualTo("\"1\"");
            assertThat(same.header("X-Request-Id")).isNotEmpty();
            assertThat(same.body()).isEmpty();
        }
        CALLER.post("/customers/update", Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":\"x\"}"));
        Reply changed = CALLER.get("/customers/" + id, "If-None-Match", "\"1\"");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");

        Reply other = CALLER.get("/customers/" + id, "If-Match", "\"1\"");
        assertThat(other.status()).isEqualTo(412);
        assertThat(other.code()).isEqualTo("008");
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                Arguments.of("GET", CREATE, "OPTIONS, POST"),
                Arguments.of("PUT", CREATE, "OPTIONS, POST"),
                Arguments.of("GET", "/customers/update", "OPTIONS, POST"),
                Arguments.of("POST", "/customers/list", "GET, HEAD, OPTIONS"),
                Arguments.of("DELETE", "/customers/cus_aaaaaaaaaaaaaaaaaaaaa", "GET, HEAD, OPTIONS"),
                Arguments.of("PATCH", "/customers/cus_aaaaaaaaaaaaaaaaaaaaa", "GET, HEAD, OPTIONS"),
                Arguments.of("POST", "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/payments", "GET, HEAD, OPTIONS"),
                Arguments.of("DELETE", "/customers/payments/start", "OPTIONS, POST"),
                Arguments.of("POST", "/lookups", "GET, HEAD, OPTIONS"),
                Arguments.of("PUT", "/lookups/id_type", "GET, HEAD, OPTIONS"),
                Arguments.of("LINK", "/lookups", "GET, HEAD, OPTIONS"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("methods")
    void anotherMethodIs405(String method, String target, String allow) {
        Reply reply = CALLER.send(method, target, null);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.code()).isEqualTo("006");
        assertThat(reply.header("Allow")).isEqualTo(allow);
    }

    @Test
    void optionsTellsTheMethods() {
        Reply reply = CALLER.send("OPTIONS", CREATE, null);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Allow")).contains("POST").contains("OPTIONS").doesNotContain("GET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lookups", "/lookups/id_type", "/customers/list", "#"})
    void headIsGetWithoutABody(String target) {
        String resource = target.equals("#")
                ? "/customers/"
                        + CALLER.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id")
                : target;

        Reply get = CALLER.get(resource);
        Reply head = CALLER.send("HEAD", resource, null);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
        assertThat(CALLER.send("HEAD", "/nope", null).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml, text/*;q=0.5", "nonsense"})
    void whoeverTakesNoJsonIsAnswered406(String accept) {
        Reply reply = CALLER.get("/lookups", "Accept", accept);

        assertThat(reply.status()).isEqualTo(406);
        assertThat(reply.code()).isEqualTo("006");
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "application/json",
                "text/html, */*;q=0.1",
                "application/json;charset=utf-8",
                ""
            })
    void whoeverTakesJsonGetsIt(String accept) {
        assertThat(CALLER.get("/lookups", "Accept", accept).status()).isEqualTo(200);
        assertThat(CALLER.post(CREATE, Bodies.records(Bodies.company()), "Accept", accept)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anAnswerSaysWhatItIs() {
        Reply reply = CALLER.get("/lookups");

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("Cache-Control")).contains("no-store");
        assertThat(reply.header("Server")).isNull();
        assertThat(reply.header("Set-Cookie")).isNull();
    }
}

package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.keys.ApiKey.Kind;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that HTTP itself does not allow, or that the server refuses before the application: all in the envelope. */
class MalformedRequestTest {

    private static TestServer server;
    private static TestServer.Caller caller;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of());
        caller = server.key("acme", Kind.READ_WRITE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("no request line", "nonsense\r\n\r\n", 400, "006"),
                Arguments.of(
                        "an illegal character in the target",
                        "GET /customers/list?a=\"b\" HTTP/1.1\r\n#\r\n",
                        400,
                        "006"),
                Arguments.of("a raw byte in the target", "GET /customers/\u00e9 HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("a space in the target", "GET /customers/a b HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("a broken escape in the path", "GET /customers/%zz HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("a cut escape in the path", "GET /customers/%4 HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("malformed UTF-8 in the path", "GET /customers/%FF HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("an overlong form in the path", "GET /customers/%C0%80 HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("malformed UTF-8 in an id", "GET /customers/cus_%FF HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("NUL in the path", "GET /customers/cus_%00 HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("an encoded slash", "GET /customers%2Flist HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("a path parameter", "GET /customers/list;a=b HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("a doubled slash", "GET //customers/list HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("a path that climbs", "GET /customers/../list HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of("no host", "GET /customers/list HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "006"),
                Arguments.of("two hosts", "GET /customers/list HTTP/1.1\r\nHost: a\r\n#\r\n", 400, "006"),
                Arguments.of(
                        "an illegal host",
                        "GET /customers/list HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
                        400,
                        "006"),
                Arguments.of(
                        "a header without a colon", "GET /customers/list HTTP/1.1\r\nnonsense\r\n#\r\n", 400, "006"),
                Arguments.of("an illegal header name", "GET /customers/list HTTP/1.1\r\na b: c\r\n#\r\n", 400, "006"),
                Arguments.of(
                        "a control character in a header",
                        "GET /customers/list HTTP/1.1\r\na: \u0001\r\n#\r\n",
                        400,
                        "006"),
                Arguments.of("an unknown version", "GET /customers/list HTTP/9.9\r\n#\r\n", 505, "006"),
                Arguments.of("TRACE", "TRACE /customers/list HTTP/1.1\r\n#\r\n", 405, "006"),
                Arguments.of("an unknown method", "FROB /customers/list HTTP/1.1\r\n#\r\n", 405, "006"),
                Arguments.of("CONNECT", "CONNECT /customers/list HTTP/1.1\r\n#\r\n", 501, "006"),
                Arguments.of("an illegal method", "G<T /customers/list HTTP/1.1\r\n#\r\n", 400, "006"),
                Arguments.of(
                        "an unknown transfer coding",
                        "POST /customers/create HTTP/1.1\r\nTransfer-Encoding: rot13\r\n#\r\n",
                        501,
                        "006"),
                Arguments.of(
                        "two lengths",
                        "POST /customers/create HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n#\r\n{}",
                        400,
                        "006"),
                Arguments.of(
                        "an illegal length",
                        "POST /customers/create HTTP/1.1\r\nContent-Length: x\r\n#\r\n{}",
                        400,
                        "006"),
                Arguments.of(
                        "a length beyond all numbers",
                        "POST /customers/create HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n#\r\n{}",
                        400,
                        "006"),
                Arguments.of(
                        "bad chunking",
                        "POST /customers/create HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n#\r\nxyz\r\n{}\r\n0\r\n\r\n",
                        400,
                        "006"),
                Arguments.of(
                        "an expectation that can't be met",
                        "POST /customers/create HTTP/1.1\r\nContent-Type: application/json\r\nExpect: wonders\r\nContent-Length: 2\r\n#\r\n{}",
                        417,
                        "006"),
                Arguments.of(
                        "a target that is too long",
                        "GET /customers/list?a=" + "x".repeat(20_000) + " HTTP/1.1\r\n#\r\n",
                        400,
                        "006"),
                Arguments.of(
                        "a header that is too long",
                        "GET /customers/list HTTP/1.1\r\na: " + "x".repeat(20_000) + "\r\n#\r\n",
                        400,
                        "006"),
                Arguments.of(
                        "too many headers",
                        "GET /customers/list HTTP/1.1\r\n" + "a: b\r\n".repeat(200) + "#\r\n",
                        400,
                        "006"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isAnsweredInTheEnvelope(String what, String request, int status, String code) throws IOException {
        String whole =
                request.replace("#\r\n", "Host: localhost\r\n" + caller.authorization() + "Connection: close\r\n\r\n");
        try (RawConnection connection = new RawConnection(server.port())) {
            Reply reply = connection.send(whole).read();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("X-Request-Id")).isNotEmpty();
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.json().get("status").asBoolean(true)).isFalse();
            assertThat(reply.code()).isEqualTo(code);
        }
    }
}

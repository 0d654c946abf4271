package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.gateway.http.TestServer.Caller;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Limits that are set, on a node that does not read: sizes of bodies, batches and headers, and the absent side. */
class LimitsTest {

    private static final int BODY_BYTES_MAX = 4_096;

    private static TestServer server;
    private static Caller caller;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of(
                "ledger.http.max-body-bytes", String.valueOf(BODY_BYTES_MAX),
                "ledger.http.max-bodies-bytes", String.valueOf(BODY_BYTES_MAX),
                "ledger.http.max-header-bytes", "2048",
                "ledger.batch.max-records", "3",
                "ledger.roles", "command"));
        caller = server.merchant();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A body that would be taken, of that many bytes. */
    private static String body(int bytes) {
        String records = Bodies.records(Bodies.company());
        return records + " ".repeat(bytes - records.length());
    }

    private static String head(String headers) {
        return head(caller, headers);
    }

    private static String head(Caller caller, String headers) {
        return "POST /customers/create HTTP/1.1\r\nHost: x\r\n" + caller.authorization()
                + "Content-Type: application/json\r\n" + headers + "\r\n";
    }

    @Test
    void aBodyOfTheLimitIsTakenAndOneByteMoreIsNot() {
        assertThat(caller.post("/customers/create", body(BODY_BYTES_MAX)).status())
                .isEqualTo(200);
        assertTooLarge(caller.post("/customers/create", body(BODY_BYTES_MAX + 1)));
        assertTooLarge(caller.post("/customers/create", body(100 * BODY_BYTES_MAX)));
    }

    @Test
    void aChunkedBodyIsHeldToTheSameLimit() throws IOException {
        for (int length : new int[] {1, BODY_BYTES_MAX, BODY_BYTES_MAX + 1, 100 * BODY_BYTES_MAX}) {
            String body = length == 1 ? " " : body(length);
            StringBuilder chunks = new StringBuilder();
            for (int i = 0; i < length; i += 1_000) {
                String chunk = body.substring(i, Math.min(length, i + 1_000));
                chunks.append(Integer.toHexString(chunk.length()))
                        .append("\r\n")
                        .append(chunk)
                        .append("\r\n");
            }
            try (RawConnection connection = new RawConnection(server.port())) {
                Reply reply = connection
                        .send(head("Transfer-Encoding: chunked\r\n") + chunks + "0\r\n\r\n")
                        .read();
                if (length > BODY_BYTES_MAX) {
                    assertTooLarge(reply);
                } else {
                    assertThat(reply.status()).isEqualTo(length == 1 ? 400 : 200);
                }
            }
        }
    }

    @Test
    void aChunkedBodyWithoutEndIsNotReadForEver() throws IOException {
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(head("Transfer-Encoding: chunked\r\n") + chunk);

            assertTooLarge(connection.read());

            boolean closed = false;
            for (int i = 0; i < 10_000 && !closed; i++) {
                try {
                    connection.send(chunk);
                } catch (IOException ended) {
                    closed = true;
                }
            }
            assertThat(closed).isTrue();
        }
    }

    @Test
    void aLargeBodyIsRefusedBeforeItIsSent() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            assertTooLarge(connection
                    .send(head("Expect: 100-continue\r\nContent-Length: 5000\r\n"))
                    .read());
        }
        try (RawConnection connection = new RawConnection(server.port())) {
            Reply reply = connection
                    .send(head(server.nobody(), "Expect: 100-continue\r\nContent-Length: 50\r\n"))
                    .read();
            assertThat(reply.status()).isEqualTo(401);
        }
    }

    @Test
    void aBodyThatIsWantedIsAskedFor() throws IOException {
        String body = Bodies.records(Bodies.company());
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(head("Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n"));
            assertThat(connection.read().status()).isEqualTo(100);

            assertThat(connection.send(body).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatEndsEarlyIsRefused() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            Reply reply = connection
                    .send(head("Content-Length: 1000\r\n") + Bodies.records(Bodies.company()))
                    .finish()
                    .read();

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("006");
        }
    }

    @Test
    void moreBodiesAtOnceThanThereIsRoomForAre503() throws IOException {
        String body = body(BODY_BYTES_MAX);
        try (RawConnection slow = new RawConnection(server.port())) {
            slow.send(head("Content-Length: " + BODY_BYTES_MAX + "\r\n") + body.substring(1_000));
            Reply refused = await().until(
                            () -> caller.post("/customers/create", Bodies.records(Bodies.company())),
                            reply -> reply.status() == 503);

            assertThat(refused.code()).isEqualTo("010");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(slow.send("x".repeat(1_000)).read().status()).isEqualTo(400);
        }
        assertThat(caller.post("/customers/create", body).status()).isEqualTo(200);
    }

    @Test
    void aBatchIsHeldToItsLimit() {
        assertThat(caller.post(
                                "/customers/create",
                                Bodies.records(Bodies.company(), Bodies.company(), Bodies.company()))
                        .status())
                .isEqualTo(200);
        Reply reply = caller.post("/customers/create", Bodies.records("1", "2", "3", "4"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("002");
    }

    @Test
    void headersAreHeldToTheirLimit() {
        assertThat(caller.get("/lookups", "X-Padding", "x".repeat(1_000)).status())
                .isEqualTo(200);
        Reply reply = caller.get("/lookups", "X-Padding", "x".repeat(2_048));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("006");
    }

    @Test
    void whatThisNodeDoesNotDoIs503() {
        for (String target : new String[] {
            "/customers/list", "/customers/cus_aaaaaaaaaaaaaaaaaaaaa", "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/payments"
        }) {
            Reply reply = caller.get(target);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.code()).isEqualTo("010");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
        }
        assertThat(caller.get("/lookups").status()).isEqualTo(200);
    }

    private static void assertTooLarge(Reply reply) {
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.code()).isEqualTo("002");
    }
}

package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many connections are served at once. */
class ConnectionsTest {

    private static final int UNANSWERED_MS = 500;
    private static final int ANSWER_MAX_MS = 30_000;

    @Test
    void oneConnectionMoreThanTheLimitWaitsUntilAnotherEnds() throws IOException {
        try (TestServer server = TestServer.start(Map.of("ledger.http.max-connections", "2"))) {
            String request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
            try (RawConnection first = new RawConnection(server.port());
                    RawConnection second = new RawConnection(server.port())) {
                assertThat(first.send(request).read().status()).isEqualTo(200);
                assertThat(second.send(request).read().status()).isEqualTo(200);
                try (RawConnection third = new RawConnection(server.port())) {
                    third.send(request);
                    third.socket().setSoTimeout(UNANSWERED_MS);
                    assertThatThrownBy(third::read).isInstanceOf(SocketTimeoutException.class);

                    first.close();
                    third.socket().setSoTimeout(ANSWER_MAX_MS);
                    assertThat(third.read().status()).isEqualTo(200);
                }
            }
        }
    }
}

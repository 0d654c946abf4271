package com.customerledger.gateway.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.events.UnavailableException;
import com.customerledger.gateway.http.Reply;
import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that goes away and comes back, seen from the merchants' port. */
class DatabaseOutageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private FragileLine line;
    private Map<String, String> settings;

    @BeforeEach
    void connect() throws IOException {
        DatabaseAccess database = TestPostgres.newDatabase();
        Matcher port = Pattern.compile("//127\\.0\\.0\\.1:([0-9]+)/").matcher(database.jdbcUrl());
        assertThat(port.find()).isTrue();
        line = new FragileLine(Integer.parseInt(port.group(1)));
        settings = Map.of(
                "ledger.database.url", database.jdbcUrl().replace(port.group(), "//127.0.0.1:" + line.port() + "/"));
    }

    @AfterEach
    void disconnect() throws IOException {
        line.close();
    }

    @Test
    void aDatabaseThatGoesAwayIsSaidToBeDownAndCallsAreRefusedUntilItIsBack() throws IOException {
        try (TestServer server = TestServer.start(settings)) {
            TestServer.Caller merchant = server.key("acme", Kind.READ_WRITE);
            assertThat(merchant.get("/lookups").status()).isEqualTo(200);
            assertHealth(server, 200, "{\"status\":\"UP\"}");

            line.cut();

            assertHealth(server, 503, "{\"status\":\"DOWN\"}");
            await().atMost(PATIENCE).untilAsserted(() -> {
                Reply reply = merchant.get("/lookups");
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.code()).isEqualTo("010");
                assertThat(reply.header("Retry-After")).isNotNull();
            });

            line.mend();

            assertHealth(server, 200, "{\"status\":\"UP\"}");
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(merchant.get("/lookups").status()).isEqualTo(200));
        }
    }

    @Test
    void aDatabaseThatIsAwayAtTheStartIsFoundWhenItComes() throws IOException {
        line.cut();
        try (TestServer server = TestServer.start(settings)) {
            assertThat(server.nobody().get("/actuator/health").text()).isEqualTo("{\"status\":\"DOWN\"}");
            assertThat(server.nobody().get("/lookups").code()).isEqualTo("010");
            assertThat(server.nobody().get("/openapi.json").status()).isEqualTo(200);

            line.mend();

            assertHealth(server, 200, "{\"status\":\"UP\"}");
            // The pools look for a database that was away with growing pauses.
            TestServer.Caller merchant = await().atMost(PATIENCE)
                    .ignoreException(UnavailableException.class)
                    .until(() -> server.key("acme", Kind.READ_WRITE), Objects::nonNull);
            assertThat(merchant.get("/lookups").status()).isEqualTo(200);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(merchant.post(
                                            "/customers/create",
                                            "{\"records\":[{\"reference\":\"R\",\"company_name\":\"C\"}]}")
                                    .status())
                            .isEqualTo(200));
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(merchant.get("/customers/list").text()).contains("\"reference\":\"R\""));
        }
    }

    private static void assertHealth(TestServer server, int status, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Reply health = server.nobody().get("/actuator/health");
            assertThat(health.text()).isEqualTo(text);
            assertThat(health.status()).isEqualTo(status);
        });
    }
}

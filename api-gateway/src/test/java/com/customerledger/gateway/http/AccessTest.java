package com.customerledger.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyRegister;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The row 001 of the error table, permissions and tenancy. */
class AccessTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final String MERCHANT = "access";
    private static final Map<Kind, Caller> KEYS = Map.of(
            Kind.READ_WRITE, SERVER.key(MERCHANT, Kind.READ_WRITE),
            Kind.READ_ONLY, SERVER.key(MERCHANT, Kind.READ_ONLY),
            Kind.PAYMENTS, SERVER.key(MERCHANT, Kind.PAYMENTS));
    private static final String NO_ID = "cus_aaaaaaaaaaaaaaaaaaaaa";

    static Stream<String> authorizations() {
        String key = KEYS.values().iterator().next().key();
        return Stream.of(
                "",
                basic("key_aaaaaaaaaaaaaaaaaaaaa:secret"),
                basic(key + ":wrong"),
                basic(key + ":"),
                basic(key),
                basic(":" + key),
                basic(":"),
                basic("nonsense:nonsense"),
                basic("\u0000:\u0000"),
                "Basic ???",
                "Basic",
                "Bearer " + key,
                key);
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("authorizations")
    void whoeverIsNotLetInGetsTheSameAnswer(String authorization) {
        for (String target : List.of("/customers/list", "/nothing/here", "/", "/actuator/info", "/docs/../x")) {
            Reply reply = authorization.isEmpty()
                    ? SERVER.nobody().get(target)
                    : SERVER.nobody().get(target, "Authorization", authorization);

            if (target.contains("..")) {
                assertThat(reply.status()).isIn(400, 401);
                continue;
            }
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Basic realm=\"customer-ledger\"");
            assertThat(reply.text())
                    .isEqualTo("{\"status\":false,\"error_code\":\"001\",\"error_message\":\"Invalid API key\","
                            + "\"error_details\":[]}");
        }
    }

    @Test
    void aDisabledKeyGetsTheSameAnswer() {
        Caller caller = SERVER.key(MERCHANT, Kind.READ_ONLY);
        assertThat(caller.get("/lookups").status()).isEqualTo(200);

        SERVER.bean(KeyRegister.class).disable(caller.key());

        Awaitility.await()
                .untilAsserted(() -> assertThat(caller.get("/lookups").status()).isEqualTo(401));
        assertThat(caller.get("/lookups").text())
                .isEqualTo(SERVER.nobody().get("/lookups").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/customers/create", "/customers/update", "/nothing"})
    void withoutAKeyNoBodyIsLookedAt(String target) {
        assertThat(SERVER.nobody().post(target, "not json").status()).isEqualTo(401);
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of("POST", "/customers/create", List.of(Kind.READ_WRITE)),
                Arguments.of("POST", "/customers/update", List.of(Kind.READ_WRITE)),
                Arguments.of("POST", "/customers/payments/start", List.of(Kind.PAYMENTS)),
                Arguments.of("POST", "/customers/payments/stop", List.of(Kind.PAYMENTS)),
                Arguments.of("POST", "/customers/payments/%73top", List.of(Kind.PAYMENTS)),
                Arguments.of("POST", "/nothing", List.of(Kind.READ_WRITE)),
                Arguments.of("GET", "/nothing", List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("GET", "/customers/list", List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("HEAD", "/customers/list", List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("GET", "/customers/statistics", List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("GET", "/customers/" + NO_ID, List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("GET", "/lookups", List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("GET", "/lookups/id_type", List.of(Kind.READ_WRITE, Kind.READ_ONLY)),
                Arguments.of("DELETE", "/customers/" + NO_ID, List.of(Kind.READ_WRITE)),
                Arguments.of("GET", "/customers/" + NO_ID + "/payments", List.of(Kind.values())),
                Arguments.of("HEAD", "/customers/" + NO_ID + "/payments", List.of(Kind.values())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("calls")
    void whatAKeyMayNotDoIs403(String method, String target, List<Kind> allowed) {
        for (Kind kind : Kind.values()) {
            Reply reply =
                    requireNonNull(KEYS.get(kind)).send(method, target, method.equals("POST") ? new byte[0] : null);

            if (allowed.contains(kind)) {
                assertThat(reply.status()).isNotIn(401, 403);
            } else {
                assertThat(reply.status()).isEqualTo(403);
                if (!method.equals("HEAD")) {
                    assertThat(reply.code()).isEqualTo("001");
                }
            }
        }
    }

    @Test
    void anotherMerchantsRecordsAreAsIfTheyNeverWere() {
        Caller mine = SERVER.merchant();
        Caller other = SERVER.merchant();
        String id =
                mine.post("/customers/create", Bodies.records(Bodies.company())).at("/results/0/id");
        String body = Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":\"x\"}");

        assertThat(other.get("/customers/" + id).text())
                .isEqualTo(other.get("/customers/" + NO_ID).text());
        assertThat(other.get("/customers/" + id + "/payments").text())
                .isEqualTo(other.get("/customers/" + NO_ID + "/payments").text());
        assertThat(other.post("/customers/update", body).text().replace(id, NO_ID))
                .isEqualTo(
                        other.post("/customers/update", body.replace(id, NO_ID)).text());
        assertThat(other.get("/customers/list").json().get("results")).isEmpty();
        assertThat(mine.get("/customers/" + id).status()).isEqualTo(200);
    }

    @Test
    void theSameReferenceIsFreeForAnotherMerchant() {
        String body = Bodies.records(Bodies.company());

        assertThat(SERVER.merchant().post("/customers/create", body).status()).isEqualTo(200);
        assertThat(SERVER.merchant().post("/customers/create", body).status()).isEqualTo(200);
    }

    @Test
    void healthNeedsNoKey() {
        assertThat(SERVER.nobody().get("/actuator/health").status()).isEqualTo(200);
        assertThat(SERVER.nobody()
                        .get("/actuator/health", "Authorization", "Basic ???")
                        .status())
                .isEqualTo(200);
        assertThat(SERVER.nobody().send("POST", "/actuator/health", new byte[0]).status())
                .isEqualTo(401);
    }
}

package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What happened to a customer, and who set its fields. */
class HistoryTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final String CREATE = "/customers/create";
    private static final String UPDATE = "/customers/update";
    private static final String ARCHIVED = "loo__uFIgkKYFm89AIF_3aBna";
    private static final String TIMESTAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}";

    private static String update(String id, String members) {
        return Bodies.records("{\"id\":\"" + id + "\"," + members + "}");
    }

    @Test
    void everyEventIsToldWithItsChangesAndWhoMadeThem() {
        Caller caller = SERVER.key("history", Kind.READ_WRITE);
        Caller platform = SERVER.key("history", Kind.PAYMENTS);
        String id = caller.post(
                        CREATE,
                        Bodies.records(Bodies.company("\"metadata\":{\"limit\": 1.10},")),
                        "X-Actor",
                        "thandi",
                        "X-Change-Reason",
                        "sign-up",
                        "X-Request-Id",
                        "req-7")
                .at("/results/0/id");
        String first = caller.get("/customers/" + id + "/history").at("/results/0/number");
        platform.post(
                "/customers/payments/start",
                Bodies.records("{\"payment_id\":\"P-" + id + "\",\"customer_id\":\"" + id + "\",\"method\":\"EFT\"}"));
        platform.post(
                "/customers/payments/stop",
                Bodies.records("{\"payment_id\":\"P-" + id + "\",\"customer_id\":\"" + id + "\"}"));
        caller.post(
                UPDATE, update(id, "\"city_or_town\":\"Paarl\",\"customer_status_lookups_id\":\"" + ARCHIVED + "\""));

        Reply reply = caller.get("/customers/" + id + "/history");
        JsonNode results = reply.json().get("results");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().propertyNames()).containsExactly("status", "results");
        assertThat(results.valueStream().map(each -> each.get("type").asString()))
                .containsExactly(
                        "CustomerCreated", "PaymentStarted", "PaymentStopped", "CustomerUpdated", "CustomerArchived");
        assertThat(results.valueStream().map(each -> each.get("version").asInt()))
                .containsExactly(1, 1, 1, 2, 3);
        assertThat(results.valueStream().map(each -> each.get("number").asLong()))
                .isEqualTo(java.util.stream.LongStream.range(Long.parseLong(first), Long.parseLong(first) + 5)
                        .boxed()
                        .toList());
        JsonNode created = results.get(0);
        assertThat(created.propertyNames())
                .containsExactly("number", "key", "version", "type", "at", "actor", "reason", "request_id", "changes");
        assertThat(created.get("key").toString()).isEqualTo("{\"id\":\"" + caller.key() + "\",\"name\":\"test\"}");
        assertThat(created.get("at").asString()).matches(TIMESTAMP);
        assertThat(created.get("actor").asString()).isEqualTo("thandi");
        assertThat(created.get("reason").asString()).isEqualTo("sign-up");
        assertThat(created.get("request_id").asString()).isEqualTo("req-7");
        assertThat(created.get("changes")
                        .valueStream()
                        .map(each -> each.get("field").asString()))
                .containsExactly("reference", "company_name", "customer_status_lookups_id", "metadata");
        assertThat(reply.text()).contains("{\"field\":\"metadata\",\"from\":null,\"to\":{\"limit\":1.10}}");
        assertThat(results.get(1).at("/key/id").asString()).isEqualTo(platform.key());
        assertThat(results.get(1).at("/changes/0/to").toString())
                .isEqualTo("{\"payment_id\":\"P-" + id + "\",\"method\":\"EFT\",\"state\":\"running\"}");
        assertThat(results.get(3).get("actor").isNull()).isTrue();
        assertThat(results.get(3).get("changes").toString())
                .isEqualTo("[{\"field\":\"city_or_town\",\"from\":null,\"to\":\"Paarl\"}]");
    }

    @Test
    void pagesJoinToTheWholeHistory() {
        Caller caller = SERVER.merchant();
        String id = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        for (int i = 0; i < 7; i++) {
            caller.post(UPDATE, update(id, "\"postal_code\":" + i));
        }
        List<String> paged = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            Reply page = caller.get("/customers/" + id + "/history?limit=3" + cursor);
            page.json().get("results").forEach(each -> paged.add(each.toString()));
            cursor = page.json().get("next_cursor").isNull() ? "" : "&cursor=" + page.at("/next_cursor");
            pages++;
        } while (!cursor.isEmpty());

        assertThat(pages).isEqualTo(3);
        assertThat(paged)
                .hasSize(8)
                .isEqualTo(caller.get("/customers/" + id + "/history")
                        .json()
                        .get("results")
                        .valueStream()
                        .map(JsonNode::toString)
                        .toList());
    }

    @Test
    void aCursorFitsOneHistoryOnly() {
        Caller caller = SERVER.merchant();
        Reply created = caller.post(CREATE, Bodies.records(Bodies.company(), Bodies.company()));
        String one = created.at("/results/0/id");
        String two = created.at("/results/1/id");
        caller.post(UPDATE, update(one, "\"postal_code\":1"));
        caller.post(UPDATE, update(two, "\"postal_code\":1"));
        String cursor = caller.get("/customers/" + one + "/history?limit=1").at("/next_cursor");
        String ofTheList = caller.get("/customers/list?limit=1").at("/next_cursor");

        assertThat(caller.get("/customers/" + one + "/history?limit=1&cursor=" + cursor)
                        .status())
                .isEqualTo(200);
        for (String target : List.of(
                two + "/history?limit=1&cursor=" + cursor,
                one + "/history?cursor=" + cursor,
                one + "/history?limit=1&cursor=" + cursor + "A",
                one + "/history?limit=1&cursor=" + ofTheList)) {
            assertThat(caller.get("/customers/" + target).code()).as(target).isEqualTo("006");
        }
        assertThat(caller.get("/customers/list?limit=1&cursor=" + cursor).code())
                .isEqualTo("006");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "history?limit=0",
                "history?limit=1001",
                "history?limit=x",
                "history?limit=",
                "history?cursor=",
                "history?limit=1&cursor=x",
                "history?consistency=eventual",
                "history?as_of=2024-01-01%2010:00:00",
                "blame?limit=1",
                "blame?x"
            })
    void whatIsNotKnownIsRefused(String target) {
        assertThat(SERVER.merchant().get("/customers/cus_none/" + target).code())
                .isEqualTo("006");
    }

    @Test
    void eachFieldHasTheEventThatSetIt() {
        Caller caller = SERVER.merchant();
        String id = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        caller.post(
                UPDATE,
                update(id, "\"metadata\":{\"n\":12345678901234567890},\"city_or_town\":\"Paarl\""),
                "X-Actor",
                "sipho");
        caller.post(UPDATE, update(id, "\"city_or_town\":null"));

        Reply reply = caller.get("/customers/" + id + "/blame");
        JsonNode results = reply.json().get("results");

        assertThat(results.propertyNames()).hasSize(14).startsWith("reference", "company_name");
        assertThat(results.get("company_name").propertyNames())
                .containsExactly("value", "since", "number", "version", "type", "key", "actor", "reason", "request_id");
        assertThat(results.at("/company_name/value").asString()).isEqualTo("Acme");
        assertThat(results.at("/company_name/type").asString()).isEqualTo("CustomerCreated");
        assertThat(reply.text()).contains("\"value\":{\"n\":12345678901234567890}");
        assertThat(results.at("/metadata/actor").asString()).isEqualTo("sipho");
        assertThat(results.at("/metadata/number").asLong()).isEqualTo(2);
        assertThat(results.at("/city_or_town/value").isNull()).isTrue();
        assertThat(results.at("/city_or_town/version").asInt()).isEqualTo(3);
        assertThat(results.at("/email/value").isNull()).isTrue();
        assertThat(results.at("/email/number").asLong()).isEqualTo(1);
        assertThat(results.at("/email/key/id").asString()).isEqualTo(caller.key());
    }

    @Test
    void aCustomerOfSomebodyElseIsNoCustomer() {
        String id =
                SERVER.merchant().post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        Caller other = SERVER.merchant();
        for (String call : List.of("/history", "/history?limit=5", "/blame")) {
            Reply missing = other.get("/customers/cus_none" + call);
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.code()).isEqualTo("007");
            assertThat(other.get("/customers/" + id + call).text()).isEqualTo(missing.text());
            assertThat(other.get("/customers/nonsense" + call).text()).isEqualTo(missing.text());
        }
    }

    @Test
    void aWholeHistoryHasNoEndButItsOwn() {
        Caller caller = SERVER.merchant();
        String id = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        for (int i = 0; i < 520; i++) {
            caller.post(UPDATE, update(id, "\"postal_code\":" + i));
        }

        JsonNode results = caller.get("/customers/" + id + "/history").json().get("results");

        assertThat(results.valueStream().map(each -> each.get("number").asLong()))
                .isEqualTo(
                        java.util.stream.LongStream.rangeClosed(1, 521).boxed().toList());
    }

    @Test
    void readersMayAskAndThePaymentsPlatformMayNot() {
        Caller writer = SERVER.key("history readers", Kind.READ_WRITE);
        Caller reader = SERVER.key("history readers", Kind.READ_ONLY);
        Caller platform = SERVER.key("history readers", Kind.PAYMENTS);
        String id = writer.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        for (String target : List.of("/customers/" + id + "/history", "/customers/" + id + "/blame", "/events")) {
            assertThat(reader.get(target).status()).isEqualTo(200);
            assertThat(reader.send("HEAD", target, null).status()).isEqualTo(200);
            assertThat(platform.get(target).status()).isEqualTo(403);
            assertThat(platform.get(target).code()).isEqualTo("001");
            assertThat(writer.send("POST", target, null).status()).isEqualTo(405);
        }
    }
}

package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The main way: create, update, archive, restore, read and list, in the shapes of the source document. */
class CustomersTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final String CREATE = "/customers/create";
    private static final String UPDATE = "/customers/update";
    private static final String ACTIVE = "loo_CbOmCgDMnATtEX2ynSoQ0";
    private static final String ARCHIVED = "loo__uFIgkKYFm89AIF_3aBna";
    private static final String TIMESTAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}";

    @Test
    void aRecordHasEveryFieldInOneShapeEverywhere() {
        Caller caller = SERVER.merchant();

        Reply created = caller.post(CREATE, Bodies.records(Bodies.company()));
        String id = created.at("/results/0/id");
        Reply updated = caller.post(UPDATE, Bodies.records("{\"id\":\"" + id + "\"}"));

        assertThat(created.json().at("/results/0").propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "reference",
                        "company_name",
                        "person_name",
                        "person_surname",
                        "id_type_lookups_id",
                        "id_number",
                        "email",
                        "contact_number",
                        "billing_address_line_1",
                        "billing_address_line_2",
                        "city_or_town",
                        "postal_code",
                        "customer_status_lookups_id",
                        "metadata",
                        "deleted_at",
                        "updated_at",
                        "created_at");
        assertThat(id).matches("cus_[A-Za-z0-9_-]{21}");
        assertThat(created.at("/results/0/customer_status_lookups_id")).isEqualTo(ACTIVE);
        assertThat(created.at("/results/0/created_at")).matches(TIMESTAMP);
        assertThat(created.json().at("/results/0/updated_at").isNull()).isTrue();
        assertThat(created.json().at("/results/0/deleted_at").isNull()).isTrue();
        assertThat(updated.text()).isEqualTo(created.text());
        assertThat(caller.get("/customers/" + id).text()).isEqualTo(created.text());
        assertThat(caller.get("/customers/list").text()).isEqualTo(created.text());
    }

    @Test
    void onlyWhatIsSentChangesAndNullClears() {
        Caller caller = SERVER.merchant();
        String id = caller.post(
                        CREATE, Bodies.records(Bodies.company("\"city_or_town\":\"Pretoria\",\"postal_code\":1285,")))
                .at("/results/0/id");

        Reply updated = caller.post(
                UPDATE, Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":null,\"email\":\"johndoe@mail.com\"}"));

        assertThat(updated.json().at("/results/0/city_or_town").isNull()).isTrue();
        assertThat(updated.json().at("/results/0/postal_code").asInt()).isEqualTo(1285);
        assertThat(updated.at("/results/0/email")).isEqualTo("johndoe@mail.com");
        assertThat(updated.at("/results/0/updated_at")).matches(TIMESTAMP);
    }

    @Test
    void anArchivedCustomerIsListedAndRefusesChangesUntilItIsRestored() {
        Caller caller = SERVER.merchant();
        String id = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        String status = "{\"id\":\"" + id + "\",\"customer_status_lookups_id\":\"";

        Reply archived = caller.post(UPDATE, Bodies.records(status + ARCHIVED + "\"}"));
        Reply refused = caller.post(UPDATE, Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":\"x\"}"));

        assertThat(archived.at("/results/0/deleted_at")).matches(TIMESTAMP);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("008");
        assertThat(caller.get("/customers/list").json().get("results")).hasSize(1);
        assertThat(caller.get("/customers/list?customer_status_lookups_id=" + ARCHIVED)
                        .json()
                        .get("results"))
                .hasSize(1);
        assertThat(caller.get("/customers/list?customer_status_lookups_id=" + ACTIVE)
                        .json()
                        .get("results"))
                .isEmpty();

        Reply restored = caller.post(UPDATE, Bodies.records(status + ACTIVE + "\"}"));
        assertThat(restored.json().at("/results/0/deleted_at").isNull()).isTrue();
    }

    @Test
    void resultsAreInTheOrderOfTheRequestAndTheListIsNewestFirst() {
        Caller caller = SERVER.merchant();
        String[] records = Stream.generate(Bodies::company).limit(20).toArray(String[]::new);

        Reply created = caller.post(CREATE, Bodies.records(records));
        String last = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");

        List<String> sent = Stream.of(records)
                .map(each -> each.replaceAll(".*\"reference\":\"([^\"]*)\".*", "$1"))
                .toList();
        assertThat(created.json()
                        .get("results")
                        .valueStream()
                        .map(each -> each.get("reference").asString()))
                .isEqualTo(sent);
        Reply list = caller.get("/customers/list");
        assertThat(list.json().get("results")).hasSize(21);
        assertThat(list.at("/results/0/id")).isEqualTo(last);
    }

    @Test
    void pagesJoinToTheWholeList() {
        Caller caller = SERVER.merchant();
        for (int i = 0; i < 3; i++) {
            caller.post(
                    CREATE,
                    Bodies.records(Stream.generate(Bodies::company).limit(5).toArray(String[]::new)));
        }
        List<String> whole = ids(caller.get("/customers/list"));

        List<String> paged = new ArrayList<>();
        String next = "";
        int pages = 0;
        do {
            Reply page = caller.get("/customers/list?limit=4" + next);
            paged.addAll(ids(page));
            String cursor = page.at("/next_cursor");
            next = page.json().get("next_cursor").isNull() ? "" : "&cursor=" + cursor;
            pages++;
        } while (!next.isEmpty());

        assertThat(whole).hasSize(15);
        assertThat(paged).isEqualTo(whole);
        assertThat(pages).isEqualTo(4);
    }

    @Test
    void datesBoundTheDayOfCreation() {
        Caller caller = SERVER.merchant();
        String created = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/created_at");
        java.time.LocalDate day = java.time.LocalDate.parse(created.substring(0, 10));

        assertThat(ids(caller.get("/customers/list?date_start=" + day + "&date_end=" + day.plusDays(1))))
                .hasSize(1);
        assertThat(ids(caller.get("/customers/list?date_end=" + day))).isEmpty();
        assertThat(ids(caller.get("/customers/list?date_start=" + day.plusDays(1))))
                .isEmpty();
        assertThat(ids(caller.get("/customers/list?date_start=0001-01-01&date_end=9999-12-31")))
                .hasSize(1);
    }

    @Test
    void versionsAreToldWhenTheyAreAskedFor() {
        Caller caller = SERVER.merchant();
        String id = caller.post(CREATE + "?versions=true", Bodies.records(Bodies.company()))
                .at("/results/0/id");
        caller.post(UPDATE, Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":\"x\"}"));

        for (String target : List.of("/customers/" + id, "/customers/list", "/customers/list?limit=1")) {
            String versions = target + (target.contains("?") ? "&" : "?") + "versions=true";
            assertThat(caller.get(versions).json().at("/results/0/version").asInt())
                    .isEqualTo(2);
            assertThat(caller.get(target).json().at("/results/0").has("version"))
                    .isFalse();
        }
    }

    @Test
    void lookupsAreTheSameEverywhere() {
        Reply all = SERVER.merchant().get("/lookups");

        assertThat(all.json().get("lookups")).hasSize(6);
        assertThat(all.at("/lookups/0/id")).isEqualTo(ACTIVE);
        assertThat(all.json().at("/lookups/0").propertyNames())
                .containsExactly("id", "parent_lookups_id", "title", "enum", "type");
        assertThat(SERVER.merchant()
                        .get("/lookups/id_type")
                        .json()
                        .get("lookups")
                        .valueStream()
                        .map(each -> each.get("enum").asString()))
                .containsExactly("SOUTH_AFRICAN_ID", "PASSPORT", "TEMPORARY_RESIDENCE");
    }

    private static List<String> ids(Reply list) {
        return list.json()
                .get("results")
                .valueStream()
                .map(each -> each.get("id").asString())
                .toList();
    }
}

package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading what was at a moment. */
class AsOfTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final ZoneId ZONE = ZoneId.of("Africa/Johannesburg");
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final String CREATE = "/customers/create";
    private static final String UPDATE = "/customers/update";
    private static final String ARCHIVED = "loo__uFIgkKYFm89AIF_3aBna";

    private static String asOf(String moment) {
        return "as_of=" + URLEncoder.encode(moment, StandardCharsets.UTF_8);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    @Test
    void aCustomerIsReadAsItWas() {
        Caller caller = SERVER.merchant();
        Instant before = now();
        Reply created = caller.post(CREATE + "?versions=true", Bodies.records(Bodies.company()));
        String id = created.at("/results/0/id");
        Instant between = now();
        caller.post(UPDATE, Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":\"Paarl\"}"));
        Instant after = now();

        Reply missing = caller.get("/customers/" + id + "?" + asOf(before.toString()));
        Reply first = caller.get("/customers/" + id + "?versions=true&" + asOf(between.toString()));
        Reply second = caller.get("/customers/" + id + "?" + asOf(after.toString()));

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text())
                .isEqualTo(caller.get("/customers/cus_none?" + asOf(before.toString()))
                        .text());
        assertThat(first.text()).isEqualTo(created.text());
        assertThat(first.header("ETag")).isEqualTo("\"1\"");
        assertThat(second.header("ETag")).isEqualTo("\"2\"");
        assertThat(second.text()).isEqualTo(caller.get("/customers/" + id).text());
        assertThat(caller.get("/customers/" + id + "?" + asOf(between.toString()), "If-None-Match", "\"1\"")
                        .status())
                .isEqualTo(304);
        assertThat(SERVER.merchant()
                        .get("/customers/" + id + "?" + asOf(after.toString()))
                        .text())
                .isEqualTo(missing.text());
    }

    @Test
    void aWholeSecondIncludesAllThatHappensInIt() {
        Caller caller = SERVER.merchant();
        String second = LocalDateTime.now(ZONE).format(TIMESTAMP);
        String id = caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        String createdAt = caller.get("/customers/" + id).at("/results/0/created_at");

        Reply reply = caller.get("/customers/" + id + "?" + asOf(createdAt));

        assertThat(createdAt).isGreaterThanOrEqualTo(second);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(Instant.now())
                .as("a moment is past one bound of a write after its end")
                .isAfter(LocalDateTime.parse(createdAt, TIMESTAMP)
                        .atZone(ZONE)
                        .toInstant()
                        .plusSeconds(2)
                        .minusMillis(1));
    }

    @Test
    void aListIsAsItWasWithItsFiltersAndPages() {
        Caller caller = SERVER.merchant();
        Reply created = caller.post(
                CREATE, Bodies.records(Bodies.company(), Bodies.company(), Bodies.company(), Bodies.company()));
        Instant moment = now();
        String id = created.at("/results/0/id");
        caller.post(
                UPDATE, Bodies.records("{\"id\":\"" + id + "\",\"customer_status_lookups_id\":\"" + ARCHIVED + "\"}"));
        caller.post(CREATE, Bodies.records(Bodies.company()));
        String then = asOf(moment.toString());

        Reply whole = caller.get("/customers/list?" + then);
        Reply page = caller.get("/customers/list?limit=3&" + then);
        String cursor = page.at("/next_cursor");
        Reply rest = caller.get("/customers/list?limit=3&" + then + "&cursor=" + cursor);

        assertThat(whole.json().get("results")).hasSize(4);
        assertThat(caller.get("/customers/list?customer_status_lookups_id=" + ARCHIVED + "&" + then)
                        .json()
                        .get("results"))
                .isEmpty();
        assertThat(page.json().get("results")).hasSize(3);
        assertThat(rest.at("/results/0/id")).isEqualTo(whole.at("/results/3/id"));
        assertThat(rest.json().get("next_cursor").isNull()).isTrue();
        for (String other : new String[] {"", "&" + asOf(moment.minusMillis(1).toString())}) {
            assertThat(caller.get("/customers/list?limit=3&cursor=" + cursor + other)
                            .code())
                    .isEqualTo("006");
        }
        String now = caller.get("/customers/list?limit=3").at("/next_cursor");
        assertThat(caller.get("/customers/list?limit=3&" + then + "&cursor=" + now)
                        .code())
                .isEqualTo("006");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2024-01-01",
                "2024-01-01 10:00",
                "2024-01-01 24:00:00",
                "2024-01-01 10:00:60",
                "2024-02-30 10:00:00",
                "0000-01-01 10:00:00",
                "2024-01-01 10:00:00.5",
                "2024-01-01T10:00:00",
                "2024-01-01T10:00:00.Z",
                "2024-01-01T10:00:00,5Z",
                "2024-01-01T10:00:00 02:00",
                "2024-01-01T10:00:00+0200",
                "2024-01-01T10:00:00+02:60",
                "2024-01-01T10:00:00+25:00",
                "2024-01-01T10:00:00Z ",
                "2024-01-01  10:00:00",
                "20240101T100000Z",
                "1704103200",
                "9999-12-31 23:59:59",
                "infinity"
            })
    void whatIsNoMomentOfThePastIsRefused(String moment) {
        for (String target : new String[] {"/customers/list", "/customers/cus_none"}) {
            Reply reply = SERVER.merchant().get(target + "?" + asOf(moment));
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("006");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-01 10:00:00",
                "0001-01-01 00:00:00",
                "2024-02-29T10:00:00Z",
                "2024-01-01t10:00:00z",
                "2024-01-01 10:00:00Z",
                "2024-01-01T10:00:00.123456789123Z",
                "2024-01-01T10:00:00+02:00",
                "2024-01-01T10:00:00.1-11:30"
            })
    void momentsAreReadInBothForms(String moment) {
        assertThat(SERVER.merchant().get("/customers/list?" + asOf(moment)).text())
                .isEqualTo("{\"status\":true,\"results\":[]}");
        assertThat(SERVER.merchant().get("/customers/cus_none?" + asOf(moment)).status())
                .isEqualTo(404);
    }

    @Test
    void theFutureIsRefusedAndTheSecondThatIsTaken() {
        Caller caller = SERVER.merchant();

        assertThat(caller.get("/customers/list?"
                                + asOf(Instant.now().plusSeconds(3).toString()))
                        .code())
                .isEqualTo("006");
        assertThat(caller.get("/customers/list?" + asOf(LocalDateTime.now(ZONE).format(TIMESTAMP)))
                        .status())
                .isEqualTo(200);
        assertThat(caller.get("/customers/list?consistency=eventual&" + asOf("2024-01-01 10:00:00"))
                        .code())
                .isEqualTo("006");
        assertThat(caller.get("/customers/list?consistency=strong&" + asOf("2024-01-01 10:00:00"))
                        .status())
                .isEqualTo(200);
    }
}

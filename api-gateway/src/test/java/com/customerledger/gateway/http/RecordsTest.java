package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The rows 003 to 005 of the error table: every field's type, length and rule, and how faults are told. */
class RecordsTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final TestServer.Caller CALLER = SERVER.merchant();
    private static final String CREATE = "/customers/create";
    private static final String UPDATE = "/customers/update";

    private static final List<String> TEXTS = List.of(
            "reference 35",
            "company_name 64",
            "person_name 32",
            "person_surname 32",
            "id_number 13",
            "billing_address_line_1 128",
            "billing_address_line_2 128",
            "city_or_town 64");

    static Stream<Arguments> faultyFields() {
        Stream<Arguments> texts = TEXTS.stream().flatMap(each -> {
            String name = each.split(" ")[0];
            int length = Integer.parseInt(each.split(" ")[1]);
            return Stream.of(
                    Arguments.of(name, "1", "003", "type"),
                    Arguments.of(name, "true", "003", "type"),
                    Arguments.of(name, "[]", "003", "type"),
                    Arguments.of(name, "{}", "003", "type"),
                    Arguments.of(name, quoted("x".repeat(length + 1)), "005", "length"),
                    Arguments.of(name, quoted("😀".repeat(length + 1)), "005", "length"),
                    Arguments.of(name, "\"a\\u0000b\"", "005", "characters"),
                    Arguments.of(name, "\"a\\u001fb\"", "005", "characters"),
                    Arguments.of(name, "\"a\\u007fb\"", "005", "characters"),
                    Arguments.of(name, "\"a\\u0085b\"", "005", "characters"),
                    Arguments.of(name, "\"a\\rb\"", "005", "characters"),
                    Arguments.of(name, "\"\\ud800\"", "005", "characters"),
                    Arguments.of(name, "\"\\udc00\\ud800\"", "005", "characters"));
        });
        Stream<Arguments> others = Stream.of(
                Arguments.of("reference", "\"\"", "005", "blank"),
                Arguments.of("reference", "\" \\n\\t\\u2003\"", "005", "blank"),
                Arguments.of("email", "1", "003", "type"),
                Arguments.of("email", "\"nobody\"", "005", "email"),
                Arguments.of("email", "\"a@b\"", "005", "email"),
                Arguments.of(
                        "email", quoted("a@" + "b".repeat(60) + "." + "c".repeat(60) + ".example"), "005", "length"),
                Arguments.of("contact_number", "27831234567", "003", "type"),
                Arguments.of("contact_number", "\"12\"", "005", "phone"),
                Arguments.of("contact_number", "\"phone\"", "005", "phone"),
                Arguments.of("contact_number", "\"+27 83 123 4567 89\"", "005", "length"),
                Arguments.of("postal_code", "\"1285\"", "003", "type"),
                Arguments.of("postal_code", "1.0", "003", "type"),
                Arguments.of("postal_code", "1e3", "003", "type"),
                Arguments.of("postal_code", "true", "003", "type"),
                Arguments.of("postal_code", "-1", "005", "range"),
                Arguments.of("postal_code", "2147483648", "005", "range"),
                Arguments.of("postal_code", "9".repeat(1_000), "005", "range"),
                Arguments.of("id_type_lookups_id", "1", "003", "type"),
                Arguments.of("id_type_lookups_id", "\"loo_nope\"", "004", "lookup"),
                Arguments.of("id_type_lookups_id", "\"\"", "004", "lookup"),
                Arguments.of("id_type_lookups_id", "\"loo_CbOmCgDMnATtEX2ynSoQ0\"", "004", "lookup"),
                Arguments.of("customer_status_lookups_id", "\"ACTIVE\"", "004", "lookup"),
                Arguments.of("customer_status_lookups_id", "\"loo_xsyhVawj5OAf9OWFLNyJY\"", "004", "lookup"),
                Arguments.of("customer_status_lookups_id", "{}", "003", "type"),
                Arguments.of("metadata", "\"{}\"", "003", "type"),
                Arguments.of("metadata", "[]", "003", "type"),
                Arguments.of("metadata", "1", "003", "type"),
                Arguments.of("metadata", "{\"a\":\"\\u0000\"}", "005", "characters"),
                Arguments.of("metadata", "{\"a\\u0001\":1}", "005", "characters"),
                Arguments.of("metadata", "{\"a\":[{\"b\":\"\\ud800\"}]}", "005", "characters"),
                Arguments.of("metadata", "{\"a\":" + "[".repeat(8) + "]".repeat(8) + "}", "005", "depth"),
                Arguments.of("metadata", "{\"a\":" + quoted("x".repeat(16_384 - 7)) + "}", "005", "size"),
                Arguments.of("metadata", "{\"a\":" + quoted("é".repeat(8_189)) + "}", "005", "size"),
                Arguments.of("unknown", "1", "003", "unknown"),
                Arguments.of("Reference", "\"x\"", "003", "unknown"),
                Arguments.of("", "1", "003", "unknown"),
                Arguments.of("version", "1", "003", "unknown"));
        return Stream.concat(texts, others);
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("faultyFields")
    void aFaultIsToldWithItsRule(String field, String value, String code, String rule) {
        String record = "{\"" + field + "\":" + value + "}";

        for (String call : new String[] {CREATE, UPDATE}) {
            Reply reply = CALLER.post(call, Bodies.records(record));

            assertThat(reply.status()).isEqualTo(422);
            assertThat(reply.json()
                            .at("/error_details/0/errors")
                            .get(field)
                            .get("rule")
                            .asString())
                    .isEqualTo(rule);
            assertThat(reply.text()).contains("\"record\":" + record);
        }
        // With all else in order the fault's own code is the answer's.
        if (!field.equals("reference")) {
            String otherwiseRight = Bodies.company("\"" + field + "\":" + value + ",");
            if (!field.equals("company_name")) {
                assertThat(CALLER.post(CREATE, Bodies.records(otherwiseRight)).code())
                        .isEqualTo(code);
            }
        }
    }

    static Stream<Arguments> rightValues() {
        Stream<Arguments> texts = TEXTS.stream()
                .filter(each -> !each.startsWith("reference"))
                .flatMap(each -> {
                    String name = each.split(" ")[0];
                    int length = Integer.parseInt(each.split(" ")[1]);
                    return Stream.of(
                            Arguments.of(name, quoted("x".repeat(length))),
                            Arguments.of(name, quoted("😀".repeat(length))),
                            Arguments.of(name, "\" \""),
                            Arguments.of(name, "\"\""),
                            Arguments.of(name, "\"a\\nb\\tc\""),
                            Arguments.of(name, "\"É\\\"x\\\"<&>\\\\\\/ \""));
                });
        Stream<Arguments> others = Stream.of(
                Arguments.of("email", "\"johndoe@mail.com\""),
                Arguments.of("contact_number", "\"+27831234567\""),
                Arguments.of("contact_number", "\"083 123 4567\""),
                Arguments.of("postal_code", "0"),
                Arguments.of("postal_code", "2147483647"),
                Arguments.of("id_type_lookups_id", "\"loo_xsyhVawj5OAf9OWFLNyJY\""),
                Arguments.of("customer_status_lookups_id", "\"loo_FixA0Ki4EyEwAdf_gB77a\""),
                Arguments.of("metadata", "{}"),
                Arguments.of("metadata", "{\"n\":[1.10,12345678901234567890,1E+400,-0],\"é\":null}"),
                Arguments.of("metadata", "{\"a\":" + "[".repeat(7) + "]".repeat(7) + "}"),
                Arguments.of("metadata", "{\"a\":" + quoted("x".repeat(16_384 - 8)) + "}"),
                Arguments.of("email", "null"),
                Arguments.of("metadata", "null"));
        return Stream.concat(texts, others);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rightValues")
    void aRightValueComesBackAsItWasSent(String field, String value) {
        String record = field.equals("company_name")
                ? "{\"reference\":\"" + Bodies.reference() + "\",\"company_name\":" + value + "}"
                : Bodies.company("\"" + field + "\":" + value + ",");

        if (field.equals("company_name") && (value.equals("\" \"") || value.equals("\"\""))) {
            // A blank name satisfies no rule.
            assertThat(CALLER.post(CREATE, Bodies.records(record)).code()).isEqualTo("005");
            return;
        }
        Reply reply = CALLER.post(CREATE, Bodies.records(record));

        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        assertThat(reply.text()).contains("\"" + field + "\":" + value.replace("\\/", "/"));
    }

    @Test
    void everyFaultOfEveryRecordIsToldInTheOrderOfTheRequest() {
        String taken = Bodies.reference();
        CALLER.post(CREATE, Bodies.records("{\"reference\":\"" + taken + "\",\"company_name\":\"x\"}"));
        String twice = Bodies.reference();

        Reply reply = CALLER.post(
                CREATE,
                Bodies.records(
                        Bodies.company(),
                        "{ \"reference\" : \"" + taken + "\", \"company_name\": \"x\", \"email\": \"no\" }",
                        "{\"reference\":\"" + twice + "\",\"person_name\":\"x\"}",
                        "{\"reference\":\"" + twice + "\",\"company_name\":\"x\",\"id_type_lookups_id\":\"no\"}",
                        "null",
                        "[1, 2]",
                        "\"\\ud83d\\ude00\"",
                        "-1.5e3",
                        "{\"postal_code\":\"1\",\"nonsense\":{\"a\": 1}}"));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.code()).isEqualTo("003");
        JsonNode details = reply.json().get("error_details");
        assertThat(details.valueStream().map(each -> each.get("index").asInt()))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(rules(details.get(0))).containsOnly("reference taken", "email email");
        assertThat(rules(details.get(1))).contains("company_name name");
        assertThat(rules(details.get(2))).containsOnly("reference duplicate", "id_type_lookups_id lookup");
        assertThat(rules(details.get(3))).contains("records type");
        assertThat(rules(details.get(7))).contains("reference required", "postal_code type", "nonsense unknown");
        assertThat(reply.text())
                .contains(
                        "\"record\":{ \"reference\" : \"" + taken + "\", \"company_name\": \"x\", \"email\": \"no\" },")
                .contains("\"record\":null,")
                .contains("\"record\":[1, 2],")
                .contains("\"record\":\"\\ud83d\\ude00\",")
                .contains("\"record\":-1.5e3,");
    }

    @Test
    void nothingOfABatchWithAFaultIsStored() {
        TestServer.Caller caller = SERVER.merchant();

        assertThat(caller.post(CREATE, Bodies.records(Bodies.company(), "{}")).status())
                .isEqualTo(422);

        assertThat(caller.get("/customers/list").json().get("results")).isEmpty();
    }

    @Test
    void messagesRepeatNoValue() {
        Reply reply = CALLER.post(
                CREATE, Bodies.records(Bodies.company("\"email\":\"secret\",\"contact_number\":\"secret\",")));

        reply.json()
                .at("/error_details/0/errors")
                .forEach(fault -> assertThat(fault.get("message").asString()).doesNotContain("secret"));
    }

    @Test
    void aStrangerBesideTheRecordsIs003() {
        Reply reply = CALLER.post(CREATE, "{\"extra\":[{}],\"records\":[" + Bodies.company() + "]}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.code()).isEqualTo("003");
    }

    @Test
    void onCreateNullIsAsGoodAsAbsent() {
        Reply reply = CALLER.post(
                CREATE,
                Bodies.records("{\"reference\":null,\"company_name\":null,"
                        + "\"customer_status_lookups_id\":null,\"metadata\":null}"));

        assertThat(rules(reply.json().at("/error_details/0"))).contains("reference required");
    }

    @Test
    void whatAClientReadItMaySendBack() {
        Reply created = CALLER.post(CREATE, Bodies.records(Bodies.person()));
        String record = created.json().at("/results/0").toString();

        Reply updated = CALLER.post(UPDATE, Bodies.records(record));
        Reply again = CALLER.post(
                CREATE,
                Bodies.records(record.replaceFirst(
                        "\"reference\":\"[^\"]*\"", "\"reference\":\"" + Bodies.reference() + "\"")));

        assertThat(updated.text()).isEqualTo(created.text());
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.at("/results/0/id")).isNotEqualTo(created.at("/results/0/id"));
        assertThat(CALLER.post(CREATE, Bodies.records(Bodies.company("\"id\":{},\"created_at\":[1],\"deleted_at\":9,")))
                        .status())
                .isEqualTo(200);
    }

    static Stream<Arguments> faultyUpdates() {
        return Stream.of(
                Arguments.of("", "id", "003", "required"),
                Arguments.of("\"id\":null", "id", "003", "required"),
                Arguments.of("\"id\":12", "id", "003", "type"),
                Arguments.of("\"id\":\"\"", "id", "007", "not_found"),
                Arguments.of("\"id\":\"\\u0000\"", "id", "007", "not_found"),
                Arguments.of("\"id\":\"cus_\\ud800\"", "id", "007", "not_found"),
                Arguments.of("\"id\":\"cus_aaaaaaaaaaaaaaaaaaaaa\"", "id", "007", "not_found"),
                Arguments.of("\"id\":\"" + "x".repeat(10_000) + "\"", "id", "007", "not_found"),
                Arguments.of("#,\"reference\":null", "reference", "003", "required"),
                Arguments.of("#,\"customer_status_lookups_id\":null", "customer_status_lookups_id", "003", "required"),
                Arguments.of("#,\"if_version\":null", "if_version", "003", "type"),
                Arguments.of("#,\"if_version\":\"1\"", "if_version", "003", "type"),
                Arguments.of("#,\"if_version\":1.0", "if_version", "003", "type"),
                Arguments.of("#,\"if_version\":2", "if_version", "008", "version"),
                Arguments.of("#,\"if_version\":0", "if_version", "008", "version"),
                Arguments.of("#,\"if_version\":-1", "if_version", "008", "version"),
                Arguments.of("#,\"if_version\":99999999999", "if_version", "008", "version"),
                Arguments.of("#,\"company_name\":null", "company_name", "005", "name"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultyUpdates")
    void aFaultyUpdateIsTold(String members, String field, String code, String rule) {
        String id = CALLER.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");

        Reply reply = CALLER.post(UPDATE, Bodies.records("{" + members.replace("#", "\"id\":\"" + id + "\"") + "}"));

        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.status())
                .isEqualTo(
                        switch (code) {
                            case "007" -> 404;
                            case "008" -> 409;
                            default -> 422;
                        });
        assertThat(rules(reply.json().at("/error_details/0"))).contains(field + " " + rule);
    }

    @Test
    void theVersionThatIsExpectedAndIsThereIsTaken() {
        Reply created = CALLER.post(CREATE + "?versions=true", Bodies.records(Bodies.company()));
        assertThat(created.json().at("/results/0/version").asInt()).isEqualTo(1);

        Reply updated = CALLER.post(
                UPDATE + "?versions=true",
                Bodies.records("{\"id\":\"" + created.at("/results/0/id")
                        + "\",\"if_version\":1,\"city_or_town\":\"Pretoria\"}"));

        assertThat(updated.json().at("/results/0/version").asInt()).isEqualTo(2);
        assertThat(CALLER.post(CREATE, Bodies.records(Bodies.company("\"if_version\":1,")))
                        .code())
                .isEqualTo("003");
    }

    @Test
    void anUpdateNamesEachIdThatIsMissing() {
        String id = CALLER.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
        String others =
                SERVER.merchant().post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");

        Reply reply = CALLER.post(
                UPDATE,
                Bodies.records(
                        "{\"id\":\"" + id + "\"}",
                        "{\"id\":\"cus_aaaaaaaaaaaaaaaaaaaaa\"}",
                        "{\"id\":\"" + others + "\"}"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json()
                        .get("error_details")
                        .valueStream()
                        .map(each -> each.get("index").asInt()))
                .containsExactly(1, 2);
        assertThat(reply.at("/error_details/0/errors/id/message"))
                .isEqualTo(reply.at("/error_details/1/errors/id/message"));
    }

    @Test
    void manyUnknownFieldsDoNotMakeTheAnswerMuchLarger() {
        StringBuilder record = new StringBuilder("{");
        for (int i = 0; i < 10_000; i++) {
            record.append("\"unknown").append(i).append("\":0,");
        }
        String body = Bodies.records(record.append("\"reference\":\"x\"}").toString());

        Reply reply = CALLER.post(CREATE, body);

        assertThat(reply.code()).isEqualTo("003");
        assertThat(reply.body().length).isLessThan(body.length() + 20_000);
    }

    private static List<String> rules(JsonNode detail) {
        return detail.get("errors")
                .propertyStream()
                .map(each -> each.getKey() + " " + each.getValue().get("rule").asString())
                .toList();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}

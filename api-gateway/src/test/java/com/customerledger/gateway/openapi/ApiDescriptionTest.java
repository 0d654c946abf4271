package com.customerledger.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.gateway.http.Reply;
import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The description says what the running server does. */
class ApiDescriptionTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch");

    private static TestServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("ledger.batch.max-records", "7"));
        document = server.nobody().get("/openapi.json").json();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anybodyMayReadIt() {
        Reply reply = server.nobody().get("/openapi.json");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(document.at("/openapi").asString()).startsWith("3.1.");
    }

    @Test
    void everyRouteIsInItAndEverythingInItIsARoute() {
        Set<String> served = new TreeSet<>();
        for (RequestMappingInfo route : server.bean(RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()) {
            for (String pattern : route.getPatternValues()) {
                for (RequestMethod method : route.getMethodsCondition().getMethods()) {
                    served.add(method + " " + pattern.replaceAll(":[^}]*}", "}"));
                }
                assertThat(route.getMethodsCondition().getMethods())
                        .as("methods of %s", pattern)
                        .isNotEmpty();
            }
        }

        assertThat(operations().keySet()).containsExactlyElementsOf(served);
    }

    @Test
    void onlyTheServicesOwnCallsNeedNoKeyAndTheServerAgrees() {
        operations().forEach((name, operation) -> {
            String[] call = name.split(" ", 2);
            boolean open =
                    operation.has("security") && operation.get("security").isEmpty();
            assertThat(open)
                    .as(name)
                    .isEqualTo(operation.at("/tags/0").asString().equals("Service"));

            int status = server.nobody()
                    .send(call[0], call[1].replace("{", "").replace("}", ""), null)
                    .status();
            assertThat(status).as(name).isEqualTo(open ? 200 : 401);
        });
    }

    @Test
    void everyQueryParameterInItIsKnownToTheServerAndNoOtherIs() {
        var merchant = server.key("parameters", Kind.READ_WRITE);
        var platform = server.key("parameters", Kind.PAYMENTS);
        operations().forEach((name, operation) -> {
            if (operation.has("security")) {
                return;
            }
            String[] call = name.split(" ", 2);
            String path = call[1].replace("{id}", "cus_none").replace("{type}", "id_type");
            var caller = path.contains("/payments") ? platform : merchant;
            byte[] body = call[0].equals("POST") ? "{}".getBytes(StandardCharsets.UTF_8) : null;
            assertThat(caller.send(call[0], path + "?date_from=2024-01-01", body, "Content-Type", "application/json")
                            .code())
                    .as(name)
                    .isEqualTo("006");
            for (JsonNode each : operation.path("parameters")) {
                JsonNode parameter = each.has("$ref")
                        ? document.at(each.get("$ref").asString().substring(1))
                        : each;
                if (parameter.get("in").asString().equals("query")) {
                    String query = "?" + parameter.get("name").asString() + "=" + sample(parameter.get("schema"));
                    Reply reply = caller.send(call[0], path + query, body, "Content-Type", "application/json");
                    assertThat(reply.at("/error_message")).as(name + query).doesNotContain("does not know");
                }
            }
        });
    }

    private static String sample(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.at("/enum/0").asString();
        }
        return switch (schema.path("type").asString()) {
            case "integer" -> "1";
            case "boolean" -> "true";
            default -> schema.path("format").asString().equals("date") ? "2024-09-13" : "x";
        };
    }

    @Test
    void aCustomersFieldsAreThoseOfTheTable() {
        assertThat(names("NewCustomer/properties")).isEqualTo(fields("id", "created_at", "updated_at", "deleted_at"));
        assertThat(names("CustomerUpdate/properties"))
                .isEqualTo(fields("id", "if_version", "created_at", "updated_at", "deleted_at"));
        assertThat(names("Customer/properties"))
                .isEqualTo(fields("id", "version", "created_at", "updated_at", "deleted_at"));

        for (CustomerField field : CustomerField.all()) {
            JsonNode schema = schema("Customer/properties/" + field.json());
            assertThat(schema.at("/description").asString()).isEqualTo(field.description());
            if (field.lengthMax() > 0 && field.lookupType() == null) {
                assertThat(schema.at("/maxLength").asInt()).as(field.json()).isEqualTo(field.lengthMax());
            }
            assertThat(texts(schema("NewCustomer/required")).contains(field.json()))
                    .as(field.json())
                    .isEqualTo(field.required());
            assertThat(texts(schema("Customer/required"))).contains(field.json());
        }
    }

    @Test
    void theErrorCodesAreTheClosedListAndEachIsExplained() {
        List<String> codes =
                Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();

        assertThat(texts(schema("ErrorCode/enum"))).isEqualTo(codes);
        assertThat(codes)
                .allSatisfy(code ->
                        assertThat(document.at("/info/description").asString()).contains("| " + code + " | "));
    }

    @Test
    void theLookupsAreThoseThatTheServerAnswersWith() {
        String key = "/lookups/customer_status";
        List<String> served = new ArrayList<>();
        server.key("acme", Kind.READ_ONLY)
                .get(key)
                .json()
                .get("lookups")
                .forEach(each -> served.add(each.get("id").asString()));

        assertThat(texts(schema("CustomerStatusId/enum"))).isEqualTo(served).contains(Lookup.ACTIVE.id());
        assertThat(texts(schema("IdTypeId/enum"))).contains(Lookup.PASSPORT.id());
    }

    @Test
    void aBatchHasTheServersLimit() {
        for (String batch : List.of("NewCustomers", "CustomerUpdates", "PaymentStarts", "PaymentStops")) {
            assertThat(schema(batch + "/properties/records/maxItems").asInt()).isEqualTo(7);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<JsonNode> references = document.findValues("$ref");

        assertThat(references).hasSizeGreaterThan(50).allSatisfy(reference -> {
            assertThat(reference.asString()).startsWith("#/");
            assertThat(document.at(reference.asString().substring(1)).isMissingNode())
                    .as(reference.asString())
                    .isFalse();
        });
    }

    @Test
    void everyErrorOfAnOperationHasTheEnvelope() {
        operations()
                .forEach((name, operation) -> operation.get("responses").forEachEntry((status, response) -> {
                    JsonNode described = response.has("$ref")
                            ? document.at(response.get("$ref").asString().substring(1))
                            : response;
                    if (!status.startsWith("2") && !status.startsWith("3") && !name.endsWith("/health")) {
                        assertThat(described
                                        .at("/content/application~1json/schema/$ref")
                                        .asString())
                                .as(name + " " + status)
                                .isEqualTo("#/components/schemas/Error");
                    }
                }));
    }

    @Test
    void theExamplesOfRequestsWorkAsTheyStand() {
        var merchant = server.key("examples", Kind.READ_WRITE);
        document.at("/paths/~1customers~1create/post/requestBody/content/application~1json/examples")
                .forEach(example -> {
                    Reply reply = merchant.post(
                            "/customers/create", example.get("value").toString());
                    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
                    assertThat(reply.json().at("/results/0").propertyNames())
                            .containsExactlyInAnyOrderElementsOf(
                                    schema("Customer/examples/0").propertyNames());
                });
    }

    private static Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    assertThat(METHODS).contains(method);
                    operations.put(method.toUpperCase(Locale.ROOT) + " " + path, operation);
                }));
        return operations;
    }

    private static JsonNode schema(String pointer) {
        JsonNode found = document.at("/components/schemas/" + pointer);
        assertThat(found.isMissingNode()).as(pointer).isFalse();
        return found;
    }

    private static Set<String> names(String pointer) {
        return new TreeSet<>(schema(pointer).propertyNames());
    }

    private static Set<String> fields(String... more) {
        Set<String> names =
                CustomerField.all().stream().map(CustomerField::json).collect(Collectors.toCollection(TreeSet::new));
        names.addAll(List.of(more));
        return names;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asString()));
        return texts;
    }
}

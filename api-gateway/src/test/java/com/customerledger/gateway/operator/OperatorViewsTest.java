package com.customerledger.gateway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.settings.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OperatorViewsTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String JSON = "application/json";

    private static TestServer server;
    private static TestServer.Caller merchant;
    private static String url;
    private static String authorization;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of());
        DataDirectory directory = server.bean(DataDirectory.class);
        url = directory.read(DataDirectory.OPERATOR_URL).orElseThrow();
        authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString(directory
                                .read(DataDirectory.OPERATOR_CREDENTIALS)
                                .orElseThrow()
                                .getBytes(StandardCharsets.UTF_8));
        merchant = server.key("acme", Kind.READ_WRITE);
        for (int i = 0; i < 20; i++) {
            assertThat(merchant.post("/customers/create", """
                            {"records":[{"reference":"r%d","company_name":"C"}]}
                            """.formatted(i)).status())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(
            String method, String path, @Nullable String as, @Nullable String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).method(method, BodyPublishers.ofString(body));
        if (as != null) {
            request.header("Authorization", as);
        }
        if (type != null) {
            request.header("Content-Type", type);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path, authorization, null, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body()).get("results");
    }

    private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, authorization, JSON, body);
    }

    private static JsonNode view(String name) throws IOException, InterruptedException {
        return StreamSupport.stream(get("/views").spliterator(), false)
                .filter(each -> each.get("view").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aViewIsRebuiltFollowedSwappedTakenBackAndDropped() throws Exception {
        assertThat(view("customer_list").get("state").asString()).isEqualTo("live");
        assertThat(post("/views/customer_list/rebuild", "{\"max_p99_ms\":1000}").body())
                .isEqualTo("{\"status\":true,\"results\":[{\"view\":\"customer_list\",\"generation\":2}]}");
        HttpResponse<String> progress = send("GET", "/views/customer_list/progress", authorization, null, "");
        assertThat(progress.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(progress.body()).contains("event: ready\ndata: {\"view\":\"customer_list\",\"generation\":2,");
        assertThat(view("customer_list").get("state").asString()).isEqualTo("ready");

        HttpResponse<String> swapped = post("/views/customer_list/swap", "{}");
        assertThat(swapped.statusCode()).as(swapped.body()).isEqualTo(200);
        assertThat(swapped.body()).contains("customer_list generation 2 answers now", "20 rows");
        assertThat(view("customer_list").get("live").asInt()).isEqualTo(2);
        assertThat(JsonMapper.shared()
                        .readTree(merchant.get("/customers/list").text())
                        .get("results")
                        .size())
                .isEqualTo(20);
        assertThat(post("/views/customer_list/rollback", "").body()).contains("generation 1 answers again");
        assertThat(post("/views/customer_list/generations/2/drop", "{}").statusCode())
                .isEqualTo(200);

        post("/views/payments/rebuild", "{}");
        assertThat(post("/views/payments/cancel", "{}").body()).contains("payments generation 2 is");
    }

    @Test
    void nobodyElseCanDoIt() throws Exception {
        String foreign = merchant.authorization().strip().replace("Authorization: ", "");
        for (String as : new String[] {null, foreign}) {
            assertThat(send("GET", "/views", as, null, "").statusCode()).isEqualTo(401);
            assertThat(send("POST", "/views/customer_list/rebuild", as, JSON, "{}")
                            .statusCode())
                    .isEqualTo(401);
        }
        for (String path : new String[] {"/views", "/views/customer_list/progress"}) {
            assertThat(merchant.get(path).code()).isEqualTo("007");
        }
        assertThat(merchant.post("/views/customer_list/rebuild", "{}").code()).isEqualTo("007");
    }

    @Test
    void aFormOfAForeignPageIsRefused() throws Exception {
        for (String type : new String[] {
            null,
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; application/json"
        }) {
            HttpResponse<String> answer = send("POST", "/views/customer_versions/rebuild", authorization, type, "{}");
            assertThat(answer.statusCode()).as(type).isEqualTo(415);
            assertThat(answer.body()).contains("\"error_code\":\"002\"");
        }
        assertThat(view("customer_versions").get("others").size()).isZero();
    }

    @Test
    void whatCanNotBeDoneIsSaid() throws Exception {
        assertRefused(404, "007", "There is no view nothing", post("/views/nothing/rebuild", "{}"));
        assertRefused(404, "007", "There is no generation x", post("/views/seal/generations/x/drop", "{}"));
        assertRefused(409, "008", "The view seal is for ever", post("/views/seal/rebuild", "{}"));
        assertRefused(
                409, "008", "customer_versions is not being rebuilt", post("/views/customer_versions/swap", "{}"));
        assertRefused(
                409,
                "008",
                "customer_versions is not being rebuilt",
                send("GET", "/views/customer_versions/progress", authorization, null, ""));
        assertRefused(400, "002", "not JSON", post("/views/customer_versions/swap", "{"));
        assertRefused(400, "002", "whole number", post("/views/customer_versions/rebuild", "{\"max_p99_ms\":0}"));
        assertRefused(400, "002", "unknown member", post("/views/customer_versions/rebuild", "{\"p\":0}"));
    }

    private static void assertRefused(int status, String code, String message, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"error_code\":\"" + code + "\"", message);
    }
}

package com.customerledger.gateway.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.customerledger.gateway.http.Reply;
import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.settings.SettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OperatorPortTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static TestServer server;
    private static DataDirectory directory;
    private static String url;
    private static String credentials;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of());
        directory = server.bean(DataDirectory.class);
        url = directory.read(DataDirectory.OPERATOR_URL).orElseThrow();
        credentials = directory.read(DataDirectory.OPERATOR_CREDENTIALS).orElseThrow();
    }

    @AfterAll
    static void stop() {
        server.close();
        assertThat(directory.read(DataDirectory.OPERATOR_URL)).isEmpty();
    }

    @Test
    void itsAddressAndCredentialsAreInFilesThatOnlyTheirOwnerReads() throws IOException {
        assertThat(url).matches("http://127\\.0\\.0\\.1:[1-9][0-9]*");
        assertThat(credentials).matches("operator:[A-Za-z0-9_-]{32}");
        for (String name : List.of(DataDirectory.OPERATOR_CREDENTIALS, DataDirectory.OPERATOR_URL)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.file(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void nothingThereIsToBeHadWithoutTheOperatorsPassword() {
        String merchant = decoded(server.key("acme", Kind.READ_WRITE));
        for (String path : List.of(
                "/", "/nothing", "/actuator", "/actuator/health", "/actuator/prometheus", "/customers/list", "/docs")) {
            for (String wrong :
                    new String[] {null, "operator:", "operator:wrong", ":", "other:" + password(), merchant}) {
                HttpResponse<String> response = send("GET", path, wrong);
                assertThat(response.statusCode()).as("%s as %s", path, wrong).isEqualTo(401);
                assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
                        .startsWith("Basic realm=");
                assertThat(response.body()).isEmpty();
            }
        }
    }

    @Test
    void theOperatorsPasswordOpensNothingOnTheMerchantsPort() {
        for (String path : List.of("/customers/list", "/lookups", "/actuator", "/actuator/prometheus")) {
            Reply reply = server.nobody().send("GET", path, null, "Authorization", basic(credentials));
            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.code()).isEqualTo("001");
        }
    }

    @Test
    void operatorsSeeHealthInDetailAndMetrics() {
        HttpResponse<String> health = send("GET", "/actuator/health", credentials);
        assertThat(health.statusCode()).isEqualTo(200);
        JsonNode told = JsonMapper.shared().readTree(health.body());
        assertThat(told.at("/status").asString()).isEqualTo("UP");
        assertThat(told.at("/components/database/status").asString()).isEqualTo("UP");
        assertThat(told.at("/components/views/status").asString()).isEqualTo("UP");

        assertThat(send("GET", "/actuator/metrics/jvm.memory.used", credentials).statusCode())
                .isEqualTo(200);
        server.nobody().get("/lookups");
        assertThat(send("GET", "/actuator/prometheus", credentials).body())
                .contains("jvm_memory_used_bytes", "http_server_requests_seconds_count");
    }

    @Test
    void everyKindOfMetricIsThere() {
        server.nobody().get("/lookups");

        // Each comes from an auto-configuration of its own, and those are listed by name.
        assertThat(send("GET", "/actuator/prometheus", credentials).body())
                .contains(
                        "application_started_time_seconds",
                        "hikaricp_connections_active{",
                        "hikaricp_connections_timeout_total{",
                        "http_server_requests_seconds_count{",
                        "jvm_memory_used_bytes{",
                        "ledger_view_lag_events{",
                        "logback_events_total{",
                        "process_cpu_usage",
                        "system_load_average_1m",
                        "tomcat_sessions_created_sessions_total");
    }

    @Test
    void nothingElseOfTheLibraryIsExposed() {
        for (String path : List.of(
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/loggers",
                "/actuator/shutdown",
                "/actuator/beans",
                "/customers/list",
                "/docs",
                "/openapi.json")) {
            HttpResponse<String> response = send("GET", path, credentials);
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(response.body()).as(path).contains("\"error_code\":\"007\"");
        }
        assertThat(send("POST", "/actuator/health", credentials).statusCode()).isIn(404, 405);
    }

    @Test
    void theMerchantsPortHasHealthInOneWordAndNothingElseOfIt() {
        Reply health = server.nobody().get("/actuator/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.text()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(health.header("Content-Type")).isEqualTo("application/json");

        TestServer.Caller merchant = server.key("acme", Kind.READ_WRITE);
        for (String path :
                List.of("/actuator", "/actuator/prometheus", "/actuator/health/views", "/actuator/metrics")) {
            assertThat(merchant.get(path).code()).as(path).isEqualTo("007");
        }
    }

    @Test
    void credentialsAreKeptFromStartToStart(@TempDir Path kept) {
        DataDirectory own = new DataDirectory(kept);
        own.write(DataDirectory.OPERATOR_CREDENTIALS, "ops:my own password".replace(' ', '-'));
        try (TestServer again = TestServer.start(Map.of("ledger.data-dir", kept.toString()))) {
            assertThat(again.bean(DataDirectory.class)).isEqualTo(own);
            URI health = URI.create(own.read(DataDirectory.OPERATOR_URL).orElseThrow() + "/actuator/health");
            assertThat(send("GET", health, "ops:my-own-password").statusCode()).isEqualTo(200);
        }
        assertThat(own.read(DataDirectory.OPERATOR_CREDENTIALS)).contains("ops:my-own-password");
    }

    @Test
    void aFileThatHoldsNoCredentialsIsSaidToBeWrong(@TempDir Path kept) {
        new DataDirectory(kept).write(DataDirectory.OPERATOR_CREDENTIALS, "nonsense");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> OperatorCredentials.in(new DataDirectory(kept)))
                .withMessageContaining("operator.credentials does not hold name:password");
    }

    @Test
    void aBusyPortIsSaidToBeBusy() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String port : List.of("ledger.port", "ledger.operator-port")) {
                assertThat(failureOf(Map.of(port, Integer.toString(busy.getLocalPort()))))
                        .as(port)
                        .contains("Port " + busy.getLocalPort() + " is already in use");
            }
        }
    }

    @Test
    void bothPortsCanNotBeTheSame() {
        assertThat(failureOf(Map.of("ledger.port", "18443", "ledger.operator-port", "18443")))
                .contains("are both 18443");
    }

    private static String failureOf(Map<String, String> settings) {
        try (TestServer started = TestServer.start(settings)) {
            throw new AssertionError("it started on port " + started.port());
        } catch (RuntimeException failure) {
            StringBuilder messages = new StringBuilder();
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                messages.append(cause.getMessage()).append('\n');
            }
            return messages.toString();
        }
    }

    private static String decoded(TestServer.Caller caller) {
        String basic = caller.authorization().strip().replace("Authorization: Basic ", "");
        return new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
    }

    private static String password() {
        return credentials.substring(credentials.indexOf(':') + 1);
    }

    private static String basic(String both) {
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> send(String method, String path, @Nullable String as) {
        return send(method, URI.create(url + path), as);
    }

    private static HttpResponse<String> send(String method, URI address, @Nullable String as) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody());
        if (as != null) {
            request.header("Authorization", basic(as));
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}

package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What stands in the log about a call, and what never does. */
@ExtendWith(OutputCaptureExtension.class)
class LogTest {

    private static final TestServer SERVER = TestServer.shared();

    @Test
    void aCallIsLoggedByItsRouteAndNothingPersonalIs(CapturedOutput output) {
        Caller caller = SERVER.merchant();
        String record = "{\"reference\":\"secret-reference\",\"company_name\":\"secret-name\",\"email\":\"secret\"}";

        caller.post("/customers/create", Bodies.records(record), "X-Request-Id", "log-1", "X-Actor", "secret-actor");
        caller.post(
                "/customers/create",
                Bodies.records(record.replace("\"email\":\"secret\"", "\"email\":null")),
                "X-Actor",
                "secret-actor");
        caller.post("/customers/create", "{\"records\":[{\"secret\":secret}]}");
        caller.get("/customers/secret-id/secret?secret=secret");
        caller.get("/customers/list?secret=secret-value");
        caller.get("/secret/%ff");
        SERVER.nobody().get("/lookups", "Authorization", "Basic c2VjcmV0OnNlY3JldA==");

        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> output.getAll().contains("POST /customers/create 422"));
        assertThat(output.getAll())
                .containsPattern("POST /customers/create 422 \\d+ ms, key " + caller.key() + ", request log-1")
                .containsPattern("GET /customers/list 400")
                .doesNotContain("secret");
    }
}

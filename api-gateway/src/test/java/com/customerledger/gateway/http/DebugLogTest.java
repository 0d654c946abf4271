package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Answers while an operator looks for a fault with Spring's own log. */
@ExtendWith(OutputCaptureExtension.class)
class DebugLogTest {

    private static final String LOGGER = "org.springframework.web";
    private static final TestServer SERVER = TestServer.shared();

    private final LoggingSystem logging = SERVER.bean(LoggingSystem.class);

    @BeforeEach
    void sayMore() {
        logging.setLogLevel(LOGGER, LogLevel.DEBUG);
    }

    @AfterEach
    void sayLess() {
        logging.setLogLevel(LOGGER, null);
    }

    @Test
    void aRequestIsAnsweredAsWithoutIt(CapturedOutput output) {
        Caller caller = SERVER.merchant();

        assertThat(caller.get("/customers/list?limit=1").status()).isEqualTo(200);
        assertThat(caller.get("/customers/list?limit=1&date_start=x").status()).isEqualTo(400);
        assertThat(caller.post(
                                "/customers/create",
                                Bodies.records("{\"reference\":\"secret\",\"company_name\":\"secret\"}"))
                        .status())
                .isEqualTo(200);
        assertThat(output.getAll()).contains("Completed 200 OK").doesNotContain("secret");
    }
}

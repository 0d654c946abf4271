package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The row 009 of the error table, for a key that has a rate. */
class RateLimitTest {

    private static final TestServer SERVER = TestServer.shared();

    @Test
    void aKeyIsHeldToItsRateAndOthersAreNot() {
        Caller slow = SERVER.key("rates", Kind.READ_WRITE, 1);
        Caller quick = SERVER.key("rates", Kind.READ_WRITE);
        slow.get("/lookups");

        Reply refused = Awaitility.await().until(() -> slow.get("/lookups"), reply -> reply.status() == 429);

        assertThat(refused.code()).isEqualTo("009");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(quick.get("/lookups").status()).isEqualTo(200);
        Awaitility.await().until(() -> slow.get("/lookups").status() == 200);
    }
}

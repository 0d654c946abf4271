package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.keys.ApiKey.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The row 006 of the error table: parameters, known and unknown. */
class QueryParametersTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final TestServer.Caller CALLER = SERVER.merchant();
    private static final TestServer.Caller PLATFORM = SERVER.key("parameters", Kind.PAYMENTS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/customers/list?date_from=2024-01-01",
                "/customers/list?Date_start=2024-01-01",
                "/customers/list?x",
                "/customers/list?=",
                "/customers/list?&",
                "/customers/list?limit=1&",
                "/customers/list?limit=1&limit=1",
                "/customers/list?limit=1&l%69mit=1",
                "/customers/list?date_start",
                "/customers/list?date_start=",
                "/customers/list?date_start=2024-1-1",
                "/customers/list?date_start=20240101",
                "/customers/list?date_start=2024-02-30",
                "/customers/list?date_start=2023-02-29",
                "/customers/list?date_start=2024-13-01",
                "/customers/list?date_start=2024-00-01",
                "/customers/list?date_start=2024-01-00",
                "/customers/list?date_start=0000-01-01",
                "/customers/list?date_start=-001-01-01",
                "/customers/list?date_start=%2B2024-01-01",
                "/customers/list?date_start=+2024-01-1",
                "/customers/list?date_start=2024-01-01T00:00:00",
                "/customers/list?date_start=2024-01-01%20",
                "/customers/list?date_start=%D9%A2%D9%A0%D9%A2%D9%A4-01-01",
                "/customers/list?date_end=tomorrow",
                "/customers/list?limit=",
                "/customers/list?limit=0",
                "/customers/list?limit=-1",
                "/customers/list?limit=1001",
                "/customers/list?limit=1.0",
                "/customers/list?limit=1e2",
                "/customers/list?limit=%2B1",
                "/customers/list?limit=99999999999999999999",
                "/customers/list?limit=%D9%A1",
                "/customers/list?cursor=x",
                "/customers/list?limit=1&cursor=",
                "/customers/list?limit=1&cursor=x",
                "/customers/list?customer_status_lookups_id=",
                "/customers/list?customer_status_lookups_id=ACTIVE",
                "/customers/list?customer_status_lookups_id=loo_nope",
                "/customers/list?customer_status_lookups_id=loo_xsyhVawj5OAf9OWFLNyJY",
                "/customers/list?versions=yes",
                "/customers/list?versions=TRUE",
                "/customers/list?versions",
                "/customers/list?consistency=weak",
                "/customers/list?consistency=",
                "/customers/list?limit=%zz",
                "/customers/list?limit=%",
                "/customers/list?limit=%4",
                "/customers/list?limit=%FF",
                "/customers/list?%C0%AF=1",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa?x=1",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa?limit=1",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa?versions=1",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/payments?versions=true",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/payments?consistency=x",
                "/lookups?x=1",
                "/lookups/id_type?x=1"
            })
    void isRefused(String target) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            Reply reply = connection
                    .send("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + CALLER.authorization() + "\r\n")
                    .read();
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("006");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/customers/list",
                "/customers/list?",
                "/customers/list?limit=1000",
                "/customers/list?limit=001",
                "/customers/list?date_start=0001-01-01&date_end=9999-12-31",
                "/customers/list?date_start=2024-02-29&date_end=2024-02-29",
                "/customers/list?date_end=2024-01-01&date_start=2025-01-01",
                "/customers/list?date%5Fstart=2024%2D01%2d01",
                "/customers/list?customer_status_lookups_id=loo__uFIgkKYFm89AIF_3aBna",
                "/customers/list?versions=false&consistency=strong",
                "/customers/list?versions=true&consistency=eventual&limit=5"
            })
    void isTaken(String target) {
        assertThat(CALLER.get(target).status()).isEqualTo(200);
    }

    @Test
    void postsKnowVersionsOnly() {
        assertThat(CALLER.post("/customers/create?versions=true", Bodies.records(Bodies.company()))
                        .status())
                .isEqualTo(200);
        for (String call : new String[] {"/customers/create", "/customers/update"}) {
            assertThat(CALLER.post(call + "?consistency=eventual", "{}").code()).isEqualTo("006");
            assertThat(CALLER.post(call + "?versions=2", "{}").code()).isEqualTo("006");
        }
        assertThat(PLATFORM.post("/customers/payments/start?versions=true", "{}")
                        .code())
                .isEqualTo("006");
        assertThat(PLATFORM.post("/customers/payments/stop?x", "{}").code()).isEqualTo("006");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa",
                "/customers/cus_",
                "/customers/cus_%20",
                "/customers/cus_%C3%A9",
                "/customers/nonsense",
                "/customers/12",
                "/customers/LIST",
                "/customers/list/",
                "/customers",
                "/customers/",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/payments",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/payments/",
                "/customers/x/payments",
                "/customers/cus_aaaaaaaaaaaaaaaaaaaaa/history/x",
                "/lookups/nope",
                "/lookups/ID_TYPE",
                "/lookups/",
                "/",
                "/error",
                "/favicon.ico",
                "/index.html"
            })
    void whatIsNotThereIs404(String target) {
        Reply reply = CALLER.get(target);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("007");
    }
}

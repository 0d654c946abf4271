package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.customer.Lookup;
import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import org.junit.jupiter.api.Test;

/** How many customers there are, as it is asked for over HTTP. */
class StatisticsTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final Caller MERCHANT = SERVER.key("statistics", Kind.READ_WRITE);
    private static final Caller READER = SERVER.key("statistics", Kind.READ_ONLY);
    private static final Caller OTHER = SERVER.key("statistics-of-nobody", Kind.READ_WRITE);
    private static final String STATISTICS = "/customers/statistics";

    @Test
    void whatWasWrittenIsCountedAtOnceAndForItsMerchantOnly() {
        Reply created = MERCHANT.post("/customers/create", Bodies.records(Bodies.company(), Bodies.company()));
        String date = created.at("/results/0/created_at").substring(0, 10);
        Reply counted = MERCHANT.get(STATISTICS);
        MERCHANT.post(
                "/customers/update",
                Bodies.records("{\"id\":\"" + created.at("/results/0/id") + "\",\"customer_status_lookups_id\":\""
                        + Lookup.ARCHIVED.id() + "\"}"));
        Reply archived = READER.get(STATISTICS);

        assertThat(counted.text()).isEqualTo(results(count(date, Lookup.ACTIVE, 2)));
        assertThat(archived.text())
                .isEqualTo(results(count(date, Lookup.ARCHIVED, 1) + "," + count(date, Lookup.ACTIVE, 1)));
        assertThat(READER.get(STATISTICS + "?date_start=" + date).text()).isEqualTo(archived.text());
        assertThat(READER.get(STATISTICS + "?date_end=" + date).text()).isEqualTo(results(""));
        assertThat(OTHER.get(STATISTICS).text()).isEqualTo(results(""));
        assertThat(archived.header("Ledger-Lag-Ms")).isNull();
    }

    private static String results(String counts) {
        return "{\"status\":true,\"results\":[" + counts + "]}";
    }

    private static String count(String date, Lookup status, int customers) {
        return "{\"date\":\"" + date + "\",\"customer_status_lookups_id\":\"" + status.id() + "\",\"customers\":"
                + customers + "}";
    }

    @Test
    void anEventualAnswerSaysHowFarItIsBehind() {
        assertThat(READER.get(STATISTICS + "?consistency=eventual").header("Ledger-Lag-Ms"))
                .isNotNull();
    }

    @Test
    void aMalformedDateIsRefused() {
        Reply reply = READER.get(STATISTICS + "?date_start=yesterday");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("006");
    }
}

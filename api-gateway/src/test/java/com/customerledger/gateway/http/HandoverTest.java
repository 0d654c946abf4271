package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.Request;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.views.ViewOperations;
import com.customerledger.events.views.ViewOperations.Condition;
import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Views that are told by the write side of the same process what it has decided. */
class HandoverTest {

    private static final String CREATE = "/customers/create";
    private static final String UPDATE = "/customers/update";
    private static final String ACTIVE = "loo_CbOmCgDMnATtEX2ynSoQ0";
    private static final String ARCHIVED = "loo__uFIgkKYFm89AIF_3aBna";
    private static final List<String> VIEWS =
            List.of("customer_list", "customer_versions", "customer_statistics", "payments");

    private final TestServer server = TestServer.start(Map.of());
    private final LedgerDatabase database = server.bean(LedgerDatabase.class);
    private final Caller merchant = server.key("acme", Kind.READ_WRITE);
    private final Caller platform = server.key("acme", Kind.PAYMENTS);

    @AfterEach
    void end() {
        server.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        database.url(),
                        database.application().user(),
                        database.application().password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String create(String... members) {
        return posted(merchant, CREATE, Bodies.company(members)).at("/results/0/id");
    }

    private void update(String id, String... members) {
        posted(merchant, UPDATE, change(id, members));
    }

    private static String change(String id, String... members) {
        return "{\"id\":\"" + id + "\"," + String.join(",", members) + "}";
    }

    private static Reply posted(Caller caller, String path, String... records) {
        Reply reply = caller.post(path, Bodies.records(records));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply;
    }

    private static String member(String name, String value) {
        return "\"" + name + "\":\"" + value + "\"";
    }

    @Test
    void theyHoldWhatTheyHoldByTheStoredEventsAlone() throws Exception {
        String changed = create();
        String archived = create(member("customer_status_lookups_id", ARCHIVED) + ",");
        String paying = create("\"metadata\":{\"tier\":\"gold\",\"tags\":[1,2.50,{\"a\":null}]},");
        update(changed, member("city_or_town", "Ünïcode \\\" 🚀"), "\"postal_code\":8001");
        update(changed, "\"city_or_town\":null", "\"metadata\":{\"x\":1e3}");
        update(archived, member("customer_status_lookups_id", ACTIVE), member("city_or_town", "Paarl"));
        update(archived, member("city_or_town", "Ceres"), member("customer_status_lookups_id", ARCHIVED));
        String payment = "\"payment_id\":\"pay-1\",\"customer_id\":\"" + paying + "\"";
        posted(platform, "/customers/payments/start", "{" + payment + ",\"method\":\"EFT\"}");
        update(paying, member("city_or_town", "George"), "\"metadata\":null");
        posted(platform, "/customers/payments/stop", "{" + payment + "}");
        update(paying, "\"metadata\":{\"large\":\"" + "x".repeat(2_000) + "\"}");
        posted(merchant, UPDATE, change(changed, member("email", "a@example.com")), change(paying, "\"metadata\":{}"));

        ViewOperations operations =
                ServiceLoader.load(ViewOperations.class).findFirst().orElseThrow();
        for (String view : VIEWS) {
            operations.rebuild(database, view, null);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> operations.status(database).stream()
                            .anyMatch(status -> status.view().equals(view) && status.condition() == Condition.READY));
            assertThat(operations.swap(database, view)).contains("both hold the same");
        }
    }

    @Test
    void nothingIsReadOfCustomersThatAreChangedHere() throws Exception {
        String one = create();
        String other = create();
        assertThat(merchant.get("/customers/" + one + "/history").status()).isEqualTo(200);
        execute("UPDATE views.customer_list_1 SET record = 'unreadable' WHERE customer_id = '" + one + "'");

        posted(
                merchant,
                UPDATE,
                change(one, member("city_or_town", "Paarl")),
                change(other, member("city_or_town", "Paarl")));

        for (String id : List.of(one, other)) {
            assertThat(merchant.get("/customers/" + id).text()).contains(member("city_or_town", "Paarl"));
        }
    }

    @Test
    void whoIsLostFromTheListIsNotPassedOver() throws Exception {
        String id = create();
        assertThat(merchant.get("/customers/" + id).status()).isEqualTo(200);
        execute("DELETE FROM views.customer_list_1");

        update(id, member("city_or_town", "Paarl"));

        assertThat(merchant.get("/customers/" + id).status()).isEqualTo(503);
    }

    @Test
    void whatWasDiscardedDoesNotComeBackWithTheNextChange() throws Exception {
        String id = create();
        assertThat(merchant.get("/customers/" + id).status()).isEqualTo(200);
        execute("ALTER TABLE views.customer_list_1 ADD CONSTRAINT no_poison CHECK (record NOT LIKE '%Poison%')");
        update(id, member("city_or_town", "Poison"));
        assertThat(merchant.get("/customers/" + id).status()).isEqualTo(503);
        execute("ALTER TABLE views.customer_list_1 DROP CONSTRAINT no_poison");
        ViewAudit audit = ServiceLoader.load(ViewAudit.class).findFirst().orElseThrow();
        assertThat(audit.ask(database, "customer_list", Request.discard(null, "a test"))
                        .discarded())
                .isEqualTo(1);

        update(id, "\"postal_code\":8001");

        Reply read = merchant.get("/customers/" + id);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.text()).contains("8001", "\"city_or_town\":null");
    }
}

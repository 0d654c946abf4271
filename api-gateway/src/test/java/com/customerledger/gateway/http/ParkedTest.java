package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.Request;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.http.TestServer.Caller;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A customer with an event that no view can apply, seen by its merchant and by others. */
class ParkedTest {

    private static final String HEADER = "Ledger-Parked-Customers";
    private static final String CREATE = "/customers/create";

    /** An event that says whose it is, and nothing else. */
    private static final String POISON = """
            INSERT INTO ledger.events
                   (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata)
            SELECT nextval('ledger.transaction_number') << 14, gen_random_uuid(), aggregate_id, 1, 'CustomerUpdated', 1,
                   occurred_at, json_build_object('merchant_id', payload::json ->> 'merchant_id')::text, metadata
              FROM ledger.events
             WHERE aggregate_id = ? AND sequence = 0
            """;

    private static void poison(LedgerDatabase database, String customer) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        database.url(),
                        database.application().user(),
                        database.application().password());
                PreparedStatement statement = connection.prepareStatement(POISON)) {
            statement.setString(1, customer);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static String create(Caller caller) {
        return caller.post(CREATE, Bodies.records(Bodies.company())).at("/results/0/id");
    }

    private static List<@Nullable String> numbers(Reply page) {
        return page.json()
                .get("results")
                .valueStream()
                .<@Nullable String>map(each -> each.get("number").asString())
                .toList();
    }

    @Test
    void itIsSaidUntilItIsSettledToThatMerchantAlone() throws SQLException {
        try (TestServer server = TestServer.start(Map.of())) {
            LedgerDatabase database = server.bean(LedgerDatabase.class);
            Caller merchant = server.merchant();
            Caller other = server.merchant();
            String poisoned = create(merchant);
            String sound = create(merchant);
            String another = create(other);
            poison(database, poisoned);
            create(merchant);

            assertThat(merchant.get("/customers/list").header(HEADER)).isEqualTo("1");
            assertThat(merchant.get("/customers/list?limit=1").header(HEADER)).isEqualTo("1");
            assertThat(merchant.get("/customers/statistics").header(HEADER)).isEqualTo("1");
            for (String read : List.of("", "/history", "/blame")) {
                Reply refused = merchant.get("/customers/" + poisoned + read);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.code()).isEqualTo("010");
                assertThat(refused.header("Retry-After")).isNotNull();
                assertThat(merchant.get("/customers/" + sound + read).status()).isEqualTo(200);
            }
            Reply feed = merchant.get("/events");
            assertThat(feed.header(HEADER)).isEqualTo("1");
            assertThat(numbers(feed)).containsExactly("1", "2");

            for (String read : List.of("/customers/list", "/customers/statistics", "/events")) {
                Reply elsewhere = other.get(read);
                assertThat(elsewhere.status()).isEqualTo(200);
                assertThat(elsewhere.header(HEADER)).isNull();
            }
            assertThat(other.get("/customers/" + another).status()).isEqualTo(200);
            assertThat(other.get("/customers/" + poisoned).status()).isEqualTo(404);

            ViewAudit audit = ServiceLoader.load(ViewAudit.class).findFirst().orElseThrow();
            for (String view : List.of("customer_list", "customer_versions", "customer_statistics", "payments")) {
                assertThat(audit.ask(database, view, Request.discard(null, "a test"))
                                .left())
                        .isZero();
            }
            assertThat(merchant.get("/customers/" + poisoned).status()).isEqualTo(200);
            assertThat(merchant.get("/customers/list").header(HEADER)).isNull();
            Reply settled = merchant.get("/events");
            assertThat(settled.header(HEADER)).isNull();
            assertThat(numbers(settled)).containsExactly("1", "2", "4");
        }
    }
}

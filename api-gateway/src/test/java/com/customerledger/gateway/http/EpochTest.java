package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.http.TestServer.Caller;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Places that were told before events were lost. */
class EpochTest {

    private static final String BEGIN_ANOTHER = """
            INSERT INTO seal.epochs (epoch, origin, public_key, first_size, statement, began_at)
            SELECT 2, replace(origin, '/1', '/2'), public_key, 1, statement, now() FROM seal.epochs
            """;

    @Test
    void cursorsOfTheEpochBeforeAreRefused() throws Exception {
        try (TestServer server = TestServer.start(Map.of())) {
            Caller caller = server.merchant();
            String id = caller.post(
                            "/customers/create", Bodies.records(Bodies.company(), Bodies.company(), Bodies.company()))
                    .at("/results/0/id");
            caller.post("/customers/update", Bodies.records("{\"id\":\"" + id + "\",\"city_or_town\":\"Paarl\"}"));
            String list = "/customers/list?limit=1&cursor="
                    + caller.get("/customers/list?limit=1").at("/next_cursor");
            String history = "/customers/" + id + "/history?limit=1&cursor="
                    + caller.get("/customers/" + id + "/history?limit=1").at("/next_cursor");
            assertThat(caller.get(list).status()).isEqualTo(200);
            assertThat(caller.get(history).status()).isEqualTo(200);
            assertThat(caller.get("/events?after=1-3").status()).isEqualTo(200);
            // The first head brings the first epoch.
            await().until(() -> caller.get("/ledger/checkpoint").status() == 200);

            beginAnotherEpoch(server.bean(LedgerDatabase.class));

            await().until(() -> caller.get(list).status() == 400);
            for (String target : new String[] {list, history, "/events?after=1-3"}) {
                Reply reply = caller.get(target);
                assertThat(reply.status()).isEqualTo(400);
                assertThat(reply.at("/error_code")).isEqualTo("006");
            }
            assertThat(caller.get("/events?after=1-1").at("/epoch")).isEqualTo("2");
            assertThat(caller.get("/customers/list?limit=1").status()).isEqualTo(200);
        }
    }

    private static void beginAnotherEpoch(LedgerDatabase database) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        database.url(),
                        database.owner().user(),
                        database.owner().password());
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(BEGIN_ANOTHER)).isEqualTo(1);
        }
    }
}

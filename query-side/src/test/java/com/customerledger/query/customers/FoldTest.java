package com.customerledger.query.customers;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.JsonText;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.customers.Fold.Known;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import com.customerledger.query.view.View.Projection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of customers, and when it is not relied on. */
class FoldTest {

    private final TestStore store = new TestStore();
    private final Tail tail = new Tail(0);
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Known> rows = new HashMap<>();
    private final Fold list = new Fold(false, (connection, ids) -> {
        asked.addAll(ids);
        Map<String, Known> found = new TreeMap<>(rows);
        found.keySet().retainAll(ids);
        return found;
    });
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = store.connect();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private List<RecordedEvent> appended(LedgerEvent... events) throws SQLException {
        store.append(events);
        return tail.read(connection);
    }

    /** Folds the events into the rows; whose rows were read for it. */
    private List<String> fold(List<RecordedEvent> events) throws SQLException {
        asked.clear();
        list.steps(connection, events).forEach((id, steps) -> {
            Fold.Step last = steps.get(steps.size() - 1);
            rows.put(id, new Known(last.customer(), last.sequence()));
        });
        return List.copyOf(asked);
    }

    private static LedgerEvent moved(String id, int second, String city) {
        return updated(id, START.plusSeconds(second), CustomerField.CITY_OR_TOWN, city);
    }

    @Test
    void whoIsChangedRightAfterTheLastEventThatWasMetIsNotRead() throws Exception {
        assertThat(fold(appended(created("cus_a", START, "a"), created("cus_b", START, "b"))))
                .isEmpty();
        assertThat(fold(appended(moved("cus_a", 1, "Durban"), moved("cus_b", 1, "Paarl"), moved("cus_a", 2, "Paarl"))))
                .containsExactly("cus_a", "cus_b");
        assertThat(fold(appended(moved("cus_a", 3, "Knysna"), moved("cus_b", 3, "George"))))
                .isEmpty();
        assertThat(rows).hasEntrySatisfying("cus_a", known -> {
            assertThat(known.customer().version()).isEqualTo(4);
            assertThat(known.customer().values().text(CustomerField.CITY_OR_TOWN))
                    .isEqualTo("Knysna");
        });
    }

    @Test
    void whoseEventTellsWhatItWasIsNotRemembered() throws Exception {
        fold(appended(created("cus_a", START, "a")));
        RecordedEvent told = appended(moved("cus_a", 1, "Durban")).get(0);
        told.know(told.event(), CustomerRecord.of(created("cus_a", START, "a")));
        assertThat(fold(List.of(told))).isEmpty();

        assertThat(fold(appended(moved("cus_a", 2, "Paarl")))).containsExactly("cus_a");
        assertThat(fold(appended(moved("cus_a", 3, "Knysna")))).isEmpty();
        assertThat(rows)
                .hasEntrySatisfying(
                        "cus_a", known -> assertThat(known.customer().version()).isEqualTo(4));
    }

    @Test
    void whoHadOtherEventsMeanwhileIsRead() throws Exception {
        fold(appended(created("cus_a", START, "a"), created("cus_b", START, "b")));
        fold(appended(moved("cus_a", 1, "Durban"), moved("cus_b", 1, "Paarl")));
        fold(appended(started("cus_a", START.plusSeconds(1), "PAY-1", PaymentMethod.EFT, 2)));

        assertThat(fold(appended(moved("cus_a", 2, "Knysna"), moved("cus_b", 2, "George"))))
                .containsExactly("cus_a");
        assertThat(rows)
                .hasEntrySatisfying(
                        "cus_a", known -> assertThat(known.customer().version()).isEqualTo(3));
    }

    @Test
    void onlySoManyAndSoLargeAreRemembered() throws Exception {
        fold(appended(created("cus_first", START, "first"), created("cus_large", START, "large")));
        JsonText large = new JsonText("{\"a\":\"" + "x".repeat(1_000) + "\"}");
        fold(appended(
                moved("cus_first", 1, "Paarl"),
                updated("cus_large", START.plusSeconds(1), CustomerField.METADATA, large)));
        assertThat(fold(appended(moved("cus_large", 2, "Durban"), moved("cus_first", 2, "Durban"))))
                .containsExactly("cus_large");

        LedgerEvent[] others = new LedgerEvent[2_048];
        for (int batch = 0; batch < Fold.REMEMBERED_MAX / 1_024; batch++) {
            for (int i = 0; i < others.length; i += 2) {
                String id = "cus_" + batch + "_" + i;
                others[i] = created(id, START, id);
                others[i + 1] = moved(id, 1, "Durban");
            }
            fold(appended(others));
        }
        assertThat(fold(appended(moved("cus_first", 3, "George"), moved("cus_1_0", 3, "Paarl"))))
                .containsExactly("cus_first");
    }

    @Test
    void whatAnotherOwnerWroteMeanwhileIsNotLost() throws Exception {
        for (View view : List.of(new CustomerList(), new CustomerVersions())) {
            String id = "cus_" + view.name();
            // In temporary tables.
            Generation generation =
                    new Generation(0, view.name(), 0, view.revision(), TestNode.ZONE, Generation.State.LIVE);
            execute(generation.sql(view.tables()));
            Projection one = view.projection(generation);
            Projection other = view.projection(generation);
            one.apply(connection, appended(created(id, START, view.name()), moved(id, 1, "Paarl")));
            other.apply(connection, appended(moved(id, 2, "Durban")));
            one.apply(
                    connection,
                    appended(updated(id, START.plusSeconds(3), CustomerField.BILLING_ADDRESS_LINE_1, "1 Long Street")));

            assertThat(record(generation.sql("views." + view.name() + "_N"))).contains("Durban", "1 Long Street");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String record(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT record FROM " + table + " ORDER BY version DESC LIMIT 1")) {
            row.next();
            return row.getString(1);
        }
    }
}

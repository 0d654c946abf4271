package com.customerledger.command.store;

import static com.customerledger.command.TestLedger.change;
import static com.customerledger.command.TestLedger.creation;
import static com.customerledger.command.TestLedger.customer;
import static com.customerledger.command.TestLedger.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.command.TestLedger;
import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.refusal.RefusedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads that begin with a state, and stores that are not what was remembered of them. */
class RememberedStatesTest {

    private static final String ID = "cus_000000000000000000001";
    private static final String OTHER = "cus_000000000000000000002";

    private TestLedger ledger;

    @BeforeEach
    void open(@TempDir Path directory) {
        ledger = new TestLedger(directory);
        ledger.execute(creation(customer(ID, "R1"), customer(OTHER, "R2")));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private String set(CustomerField field, Object value) {
        return ledger.execute(update(change(ID, field, value)));
    }

    /** Does what nobody can while the triggers stand. */
    private void tamper(String sql) {
        ledger.owner().execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
        ledger.owner().execute(sql);
        ledger.owner().execute("ALTER TABLE ledger.events ENABLE TRIGGER events_never_change");
    }

    private List<Integer> sequences() {
        return ledger.owner()
                .queryForList(
                        "SELECT sequence FROM ledger.events WHERE aggregate_id = ? ORDER BY position",
                        Integer.class,
                        ID);
    }

    @Test
    void whatIsRememberedIsNotReadAgain() {
        ledger.execute(update(
                change(OTHER, CustomerField.CITY_OR_TOWN, "Paarl"), change(ID, CustomerField.CITY_OR_TOWN, "Paarl")));
        tamper("UPDATE ledger.events SET payload = 'unreadable'");

        assertThat(set(CustomerField.CITY_OR_TOWN, "Durban")).contains("\"version\":3", "Meteor Ltd", "Durban");
        assertThat(ledger.execute(update(
                        change(OTHER, CustomerField.CITY_OR_TOWN, "Ceres"),
                        change(ID, CustomerField.CITY_OR_TOWN, "George"))))
                .contains("\"version\":3", "Ceres", "\"version\":4", "George");
    }

    @Test
    void whatIsLargeIsReadAgain() {
        set(CustomerField.METADATA, new JsonText("{\"a\":\"" + "x".repeat(1_000) + "\"}"));
        assertThat(set(CustomerField.CITY_OR_TOWN, "Paarl")).contains("\"version\":3", "xxx", "Paarl");
        tamper("UPDATE ledger.events SET payload = 'unreadable'");

        assertThatThrownBy(() -> set(CustomerField.CITY_OR_TOWN, "Ceres")).isInstanceOf(RuntimeException.class);
        assertThat(sequences()).containsExactly(0, 1, 2);
    }

    @Test
    void eventsOfAnotherNodeComeOnTop(@TempDir Path directory) {
        try (TestLedger another = new TestLedger(ledger.access(), directory)) {
            another.execute(update(change(ID, CustomerField.CITY_OR_TOWN, "Paarl")));
            assertThat(set(CustomerField.POSTAL_CODE, 7646)).contains("\"version\":3", "Paarl", "7646");
            assertThat(another.execute(update(change(ID, CustomerField.CITY_OR_TOWN, null))))
                    .contains("\"version\":4", "\"city_or_town\":null", "7646");
        }
        assertThat(sequences()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void nothingIsRefusedForWhatIsRememberedOnly(@TempDir Path directory) {
        set(CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id());
        try (TestLedger another = new TestLedger(ledger.access(), directory)) {
            another.execute(update(change(ID, CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())));
            assertThat(set(CustomerField.CITY_OR_TOWN, "Paarl")).contains("\"version\":4", "Paarl");

            another.execute(update(change(ID, CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id())));
            assertThatThrownBy(() -> set(CustomerField.CITY_OR_TOWN, "Ceres")).isInstanceOf(RefusedException.class);
        }
        assertThat(sequences()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whatChangesNothingByWhatIsRememberedMayChangeWhatIs(@TempDir Path directory) {
        set(CustomerField.CITY_OR_TOWN, "Paarl");
        try (TestLedger another = new TestLedger(ledger.access(), directory)) {
            another.execute(update(change(ID, CustomerField.CITY_OR_TOWN, "Ceres")));
        }

        assertThat(set(CustomerField.CITY_OR_TOWN, "Paarl")).contains("\"version\":4", "Paarl");
        assertThat(set(CustomerField.CITY_OR_TOWN, "Paarl")).contains("\"version\":4", "Paarl");
        assertThat(sequences()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void anEventThatACrashTookBackIsForgotten() {
        set(CustomerField.CITY_OR_TOWN, "Paarl");
        tamper("DELETE FROM ledger.events WHERE sequence = 1");

        assertThat(set(CustomerField.POSTAL_CODE, 7646))
                .contains("\"version\":2", "7646")
                .doesNotContain("Paarl");
        assertThat(sequences()).containsExactly(0, 1);
    }

    @Test
    void anotherEventInItsPlaceIsTheOneThatCounts() {
        set(CustomerField.CITY_OR_TOWN, "Paarl");
        tamper("""
                UPDATE ledger.events
                   SET event_id = gen_random_uuid(), payload = replace(payload, 'Paarl', 'Ceres')
                 WHERE sequence = 1
                """);

        assertThat(ledger.execute(update(
                        change(ID, CustomerField.POSTAL_CODE, 7646), change(OTHER, CustomerField.POSTAL_CODE, 7646))))
                .contains("\"version\":3", "Ceres")
                .doesNotContain("Paarl");
        assertThat(sequences()).containsExactly(0, 1, 2);
    }

    @Test
    void aStateIsThatAfterAllEventsOfItsRequest() {
        set(CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id());
        // A restoration and a change.
        ledger.execute(update(new CustomerUpdate(
                ID,
                FieldChanges.none()
                        .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())
                        .with(CustomerField.CITY_OR_TOWN, "Paarl"),
                null,
                List.of())));

        assertThat(set(CustomerField.POSTAL_CODE, 7646))
                .contains("\"version\":5", "\"deleted_at\":null", "Paarl", "7646");
        assertThat(sequences()).containsExactly(0, 1, 2, 3, 4);
    }
}

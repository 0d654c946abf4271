package com.customerledger.command;

import static com.customerledger.command.TestLedger.change;
import static com.customerledger.command.TestLedger.creation;
import static com.customerledger.command.TestLedger.customer;
import static com.customerledger.command.TestLedger.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a batch is stored as it was decided, whether its events are alike or not. */
class AppendedBatchTest {

    private static TestLedger ledger;

    @BeforeAll
    static void open(@TempDir Path directory) {
        ledger = new TestLedger(directory);
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @BeforeEach
    void clear() {
        ledger.clear();
    }

    private static String id(int i) {
        return "cus_" + "%021d".formatted(i);
    }

    private static void createThree() {
        ledger.execute(creation(
                IntStream.range(0, 3).mapToObj(i -> customer(id(i), "R" + i)).toArray(NewCustomer[]::new)));
    }

    /** What is stored of the events, in order: of whom, which, and of what kind. */
    private static List<String> stored() {
        return ledger.owner()
                .queryForList(
                        "SELECT aggregate_id || ' ' || sequence || ' ' || type || ' ' || revision FROM ledger.events"
                                + " ORDER BY position",
                        String.class);
    }

    private static List<String> storedByRequest(String column) {
        return ledger.owner()
                .queryForList(
                        "SELECT DISTINCT " + column + "::text FROM ledger.events GROUP BY position >> 12, " + column,
                        String.class);
    }

    @Test
    void customersWhoAreCreatedTogetherHaveOneTimeAndOneCause() {
        createThree();

        assertThat(stored())
                .containsExactly(
                        id(0) + " 0 CustomerCreated 1", id(1) + " 0 CustomerCreated 1", id(2) + " 0 CustomerCreated 1");
        assertThat(storedByRequest("occurred_at")).hasSize(1);
        assertThat(storedByRequest("metadata")).singleElement().asString().contains("key_one");
        assertThat(ledger.owner().queryForList("SELECT DISTINCT event_id FROM ledger.events"))
                .hasSize(3);
    }

    @Test
    void changesOfOneKindAreStoredBehindTheStatesThatWereRemembered() {
        createThree();

        ledger.execute(update(Stream.of(2, 0, 1)
                .map(i -> change(id(i), CustomerField.EMAIL, "c" + i + "@example.com"))
                .toArray(CustomerUpdate[]::new)));

        assertThat(stored().subList(3, 6))
                .containsExactly(
                        id(0) + " 1 CustomerUpdated 1", id(1) + " 1 CustomerUpdated 1", id(2) + " 1 CustomerUpdated 1");
        assertThat(ledger.owner()
                        .queryForList(
                                "SELECT payload FROM ledger.events WHERE sequence = 1 ORDER BY position", String.class))
                .satisfiesExactly(
                        first -> assertThat(first).contains("c0@example.com"),
                        second -> assertThat(second).contains("c1@example.com"),
                        third -> assertThat(third).contains("c2@example.com"));
    }

    @Test
    void aBatchOfSeveralKindsKeepsTheKindOfEach() {
        createThree();

        ledger.execute(update(
                change(id(0), CustomerField.EMAIL, "a@example.com"),
                change(id(1), CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id()),
                change(id(2), CustomerField.EMAIL, "b@example.com")));

        assertThat(stored().subList(3, 6))
                .containsExactly(
                        id(0) + " 1 CustomerUpdated 1",
                        id(1) + " 1 CustomerArchived 2",
                        id(2) + " 1 CustomerUpdated 1");
    }

    @Test
    void customersOfOneTimeAndOthersInOneBatchKeepTheirTimes() {
        createThree();
        // The second one was changed by a node whose clock is ahead: its next event is no earlier than that.
        ledger.owner().execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
        try {
            ledger.owner()
                    .update(
                            "UPDATE ledger.events SET occurred_at = occurred_at + interval '1 hour' WHERE aggregate_id = ?",
                            id(1));
        } finally {
            ledger.owner().execute("ALTER TABLE ledger.events ENABLE TRIGGER events_never_change");
        }

        ledger.execute(update(
                change(id(0), CustomerField.EMAIL, "a@example.com"),
                change(id(1), CustomerField.EMAIL, "b@example.com")));

        assertThat(ledger.owner()
                        .queryForList(
                                "SELECT later.occurred_at >= earlier.occurred_at FROM ledger.events earlier"
                                        + " JOIN ledger.events later ON later.aggregate_id = earlier.aggregate_id"
                                        + " AND later.sequence = earlier.sequence + 1",
                                Boolean.class))
                .containsExactly(true, true);
        assertThat(ledger.owner()
                        .queryForObject(
                                "SELECT max(occurred_at) - min(occurred_at) > interval '59 minutes' FROM ledger.events"
                                        + " WHERE sequence = 1",
                                Boolean.class))
                .isTrue();
    }

    @Test
    void aBatchBehindAStateThatIsNotTheNewestIsDecidedAgain() {
        createThree();
        // Somebody else's event of the second one, of which this process has not heard.
        ledger.owner()
                .update(
                        "INSERT INTO ledger.events SELECT (nextval('ledger.transaction_number') << 12),"
                                + " gen_random_uuid(), aggregate_id, 1, 'CustomerUpdated', 1, occurred_at,"
                                + " '{\"merchant_id\":\"mer_one\",\"personal\":{\"format\":1,\"fields\":"
                                + "{\"city_or_town\":\"Paarl\"}}}', metadata FROM ledger.events WHERE aggregate_id = ?",
                        id(1));

        String answer = ledger.execute(update(IntStream.range(0, 3)
                .mapToObj(i -> change(id(i), CustomerField.EMAIL, "c" + i + "@example.com"))
                .toArray(CustomerUpdate[]::new)));

        assertThat(answer).contains("Paarl");
        assertThat(stored().subList(4, 7))
                .containsExactly(
                        id(0) + " 1 CustomerUpdated 1", id(1) + " 2 CustomerUpdated 1", id(2) + " 1 CustomerUpdated 1");
    }
}

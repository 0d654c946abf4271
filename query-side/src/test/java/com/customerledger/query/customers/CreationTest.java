package com.customerledger.query.customers;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.Personal;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.FieldValues;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.FoundCustomer;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Page;
import com.customerledger.events.query.ListReader;
import com.customerledger.query.Corpus;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.tail.RecordedEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked for in the ledger because the view of versions has no copy of it. */
class CreationTest {

    private static final CustomerJson JSON = new CustomerJson(TestNode.ZONE);
    private static final Instant LATER = Instant.parse("2026-11-01T00:00:00Z");

    private final TestStore store = new TestStore();
    private final TestViews node = new TestViews(store);

    @AfterEach
    void end() {
        node.close();
    }

    private static final class Collecting implements ListReader {

        final List<String> records = new ArrayList<>();

        @Override
        public void begin(long lag) {
            assertThat(records).isEmpty();
        }

        @Override
        public void record(byte[] buffer, int offset, int length) {
            records.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
    }

    private List<String> list(@Nullable Instant moment, @Nullable Page page, boolean withVersions) throws IOException {
        Collecting reader = new Collecting();
        node.reads.list(
                new ListCustomers(
                        MERCHANT, "key_one", null, null, null, moment, page, withVersions, Consistency.STRONG),
                reader);
        return reader.records;
    }

    /** Every creation in the store, by its customer. */
    private Map<String, RecordedEvent> creations() throws SQLException {
        Map<String, RecordedEvent> creations = new TreeMap<>();
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + RecordedEvent.COLUMNS + "FROM ledger.events WHERE type = 'CustomerCreated'")) {
            while (rows.next()) {
                RecordedEvent creation = RecordedEvent.read(rows);
                creations.put(creation.customerId(), creation);
            }
        }
        return creations;
    }

    /** The entry as the writer of all other entries writes it: from nothing to what was created. */
    private static String entry(RecordedEvent creation) {
        CustomerCreated event = (CustomerCreated) creation.event();
        return EntryText.of(FieldValues.none(), CustomerRecord.of(event), event, creation.cause(), JSON);
    }

    private void storeOddTexts() {
        FieldChanges fields = FieldChanges.none()
                .with(CustomerField.REFERENCE, "null")
                .with(CustomerField.COMPANY_NAME, "\" \\ / \n\t \u2028 <&> {\"field\":null} 🚀")
                .with(CustomerField.POSTAL_CODE, 0)
                .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())
                .with(
                        CustomerField.METADATA,
                        new JsonText(
                                "{\"fields\":null,\"personal\":{\"a\":[1.10,1e400,\"\\n\\uD83D\\uDE80\"]},\"\":12345678901234567890}"));
        store.append(new CustomerCreated(
                "cus_odd",
                MERCHANT,
                START,
                new Personal(fields, "Thandi \"T\" \\ Ünï", "new\nline, {\"actor\":null}")));
        store.append(new CustomerCreated(
                "cus_few",
                MERCHANT,
                START,
                new Personal(
                        FieldChanges.none().with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id()), null, "why not")));
    }

    @Test
    void aCreationIsToldAsAllOtherEventsAre() throws Exception {
        Corpus.store(store);
        storeOddTexts();
        Map<String, RecordedEvent> creations = creations();
        assertThat(list(LATER, null, false)).isNotEmpty();

        assertThat(creations).hasSizeGreaterThan(6).containsKeys("cus_odd", "cus_few");
        for (RecordedEvent creation : creations.values()) {
            assertThat(store.query("SELECT entry FROM views.customer_versions_entries_1 WHERE position = "
                            + creation.position()))
                    .as(creation.customerId())
                    .containsExactly(entry(creation));
        }
    }

    @Test
    void theFirstVersionIsTheRecordThatTheListHad() throws Exception {
        Corpus.store(store);
        storeOddTexts();
        List<String> moment = new ArrayList<>();
        for (RecordedEvent creation : creations().values()) {
            CustomerCreated event = (CustomerCreated) creation.event();
            String record = JSON.text(CustomerRecord.of(event));
            FoundCustomer found = node.reads
                    .findAsOf(event.merchantId(), event.customerId(), event.at(), false)
                    .orElseThrow();
            if (found.version() == 1) {
                assertThat(new String(found.json(), StandardCharsets.UTF_8)).isEqualTo(record);
                moment.add(event.customerId());
            }
        }
        assertThat(moment).contains("cus_odd", "cus_few", "cus_a");
        // Of now the list has every record itself.
        for (boolean withVersions : new boolean[] {false, true}) {
            List<String> now = list(null, null, withVersions);
            assertThat(now).hasSizeGreaterThan(4);
            assertThat(list(LATER, null, withVersions)).isEqualTo(now);
            assertThat(list(LATER, new Page(1_000, null), withVersions)).isEqualTo(now);
        }
    }

    @Test
    void theFirstChangeAfterAStartFindsWhatItChanges() throws Exception {
        storeOddTexts();
        assertThat(list(null, null, false)).hasSize(2);
        node.close();
        store.append(updated("cus_odd", START.plusSeconds(1), CustomerField.POSTAL_CODE, 7));
        store.append(started("cus_odd", START.plusSeconds(2), "PAY-1", PaymentMethod.DEBICHECK, 1));
        try (TestViews again = new TestViews(store)) {
            String was = new String(
                    again.reads
                            .findAsOf(MERCHANT, "cus_odd", START, false)
                            .orElseThrow()
                            .json(),
                    StandardCharsets.UTF_8);
            String is = new String(
                    again.reads
                            .findAsOf(MERCHANT, "cus_odd", START.plusSeconds(1), false)
                            .orElseThrow()
                            .json(),
                    StandardCharsets.UTF_8);
            assertThat(was).contains("\"postal_code\":0,", "\"metadata\":{\"fields\":null,", "\"updated_at\":null");
            assertThat(is)
                    .isEqualTo(was.replace("\"postal_code\":0,", "\"postal_code\":7,")
                            .replace("\"updated_at\":null", "\"updated_at\":\"2026-03-01 12:00:01\""));
            assertThat(store.query("SELECT entry FROM views.customer_versions_entries_1 WHERE sequence = 1")
                            .get(0))
                    .contains("[{\"field\":\"postal_code\",\"from\":0,\"to\":7}]");
            // Started when the first version was the newest, and frozen with it.
            assertThat(new String(
                            again.reads
                                    .payments(MERCHANT, "cus_odd", Consistency.STRONG)
                                    .orElseThrow()
                                    .json(),
                            StandardCharsets.UTF_8))
                    .contains("\"customer\":" + was + "}");
        }
    }

    @Test
    void anotherEventInTheLostOnesPlaceIsNoOnesAnswer() throws Exception {
        store.append(created("cus_a", START, "ref"));
        assertThat(list(LATER, null, false)).hasSize(1);
        try (Connection owner = store.connectAsOwner();
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
            statement.execute("UPDATE ledger.events SET aggregate_id = 'cus_theirs'");
        }

        // The ledger has nobody of that id, and says so; a list meets the row that can't be told any more.
        assertThat(node.reads.findAsOf(MERCHANT, "cus_a", LATER, false)).isEmpty();
        assertThat(node.reads.find(MERCHANT, "cus_a", false, Consistency.STRONG))
                .isEmpty();
        assertThat(node.reads.findAsOf(MERCHANT, "cus_theirs", LATER, false)).isEmpty();
        assertThat(node.reads.find(MERCHANT, "cus_theirs", false, Consistency.STRONG))
                .isEmpty();
        assertThatThrownBy(() -> list(LATER, new Page(10, null), false)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> list(LATER, null, false)).isInstanceOf(UnavailableException.class);
        assertThat(store.query("SELECT entry FROM views.customer_versions_entries_1 WHERE entry IS NOT NULL"))
                .isEmpty();
    }
}

package com.customerledger.query.customers;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.archived;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.restored;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.Personal;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Page;
import com.customerledger.events.query.ListReader;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A version that has only what was changed since the creation is read as the whole record. */
class VersionTest {

    private static final CustomerJson JSON = new CustomerJson(TestNode.ZONE);

    private final TestStore store = new TestStore();
    private TestViews node = new TestViews(store);

    @AfterEach
    void end() {
        node.close();
    }

    private static Instant second(int second) {
        return START.plusSeconds(second);
    }

    /** Fields that are set, set again, cleared and as they were at first, statuses that come and go, and a payment. */
    private static List<LedgerEvent> lifeOf(String id) {
        JsonText metadata = new JsonText("{\"n\":1.10,\"big\":12345678901234567890,\"text\":\"\\n \\\" 🚀\"}");
        return List.of(
                created(id, second(0), "ref"),
                updated(id, second(1), CustomerField.CITY_OR_TOWN, "Durban"),
                updated(id, second(2), CustomerField.METADATA, metadata),
                updated(id, second(3), CustomerField.CITY_OR_TOWN, null),
                updated(id, second(4), CustomerField.COMPANY_NAME, "Another \"Ltd\" \\ Ünï 🚀"),
                started(id, second(5), "PAY-" + id, PaymentMethod.DEBICHECK, 5),
                updated(id, second(6), CustomerField.COMPANY_NAME, "Meteor \"Ltd\" \\ Ünïcode 🚀"),
                archived(id, second(7)),
                updated(id, second(8), CustomerField.POSTAL_CODE, 0),
                restored(id, second(9)),
                updated(id, second(10), CustomerField.METADATA, null));
    }

    private @Nullable String found(String id, Instant moment) {
        return node.reads
                .findAsOf(MERCHANT, id, moment, true)
                .map(customer -> new String(customer.json(), StandardCharsets.UTF_8))
                .orElse(null);
    }

    private List<String> listed(Instant moment, @Nullable Page page) throws IOException {
        List<String> records = new ArrayList<>();
        ListReader reader = new ListReader() {
            @Override
            public void begin(long lagMillis) {}

            @Override
            public void record(byte[] buffer, int offset, int length) {
                records.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
            }
        };
        node.reads.list(
                new ListCustomers(MERCHANT, "key_one", null, null, null, moment, page, true, Consistency.STRONG),
                reader);
        return records;
    }

    private void assertEveryVersionIsWhole(List<LedgerEvent> life) throws Exception {
        CustomerRecord customer = null;
        int second = 0;
        for (LedgerEvent event : life) {
            customer = CustomerRecord.after(customer, event);
            String expected = "{\"version\":" + customer.version() + ","
                    + JSON.text(customer).substring(1);
            Instant moment = second(second++);
            assertThat(found(customer.id(), moment)).isEqualTo(expected);
            assertThat(listed(moment, null)).containsExactly(expected);
            assertThat(listed(moment, new Page(10, null))).containsExactly(expected);
        }
    }

    @Test
    void everyVersionIsTheRecordThatItsEventsMake() throws Exception {
        List<LedgerEvent> life = lifeOf("cus_a");
        life.forEach(store::append);

        assertEveryVersionIsWhole(life);
        assertThat(new String(
                        node.reads
                                .payments(MERCHANT, "cus_a", Consistency.STRONG)
                                .orElseThrow()
                                .json(),
                        StandardCharsets.UTF_8))
                .contains("\"company_name\":\"Another \\\"Ltd\\\" \\\\ Ünï 🚀\"");
    }

    @Test
    void whoeverFollowsAfterAStartFindsWhatWasChangedBefore() throws Exception {
        List<LedgerEvent> life = lifeOf("cus_a");
        for (LedgerEvent event : life) {
            store.append(event);
            found("cus_a", event.at());
            node.close();
            node = new TestViews(store);
        }

        assertEveryVersionIsWhole(life);
    }

    @Test
    void anArchivingAtTheCreationIsNoUpdateAndWhatFollowsIs() throws Exception {
        List<LedgerEvent> life = List.of(
                created("cus_a", second(0), "ref"),
                new CustomerArchived("cus_a", MERCHANT, second(0), true, new Personal(FieldChanges.none(), null, null)),
                updated("cus_a", second(1), CustomerField.CITY_OR_TOWN, "Durban"));
        store.append(life.get(0), life.get(1));
        store.append(life.get(2));

        assertThat(found("cus_a", second(0))).contains("\"deleted_at\":\"2026-03-01 12:00:00\",\"updated_at\":null,");
        assertThat(found("cus_a", second(1)))
                .contains("\"deleted_at\":\"2026-03-01 12:00:00\",\"updated_at\":\"2026-03-01 12:00:01\",");
    }

    @Test
    void peopleSeeTheFieldsOfEveryVersionInTheDatabase() throws Exception {
        lifeOf("cus_a").forEach(store::append);
        found("cus_a", second(10));

        assertThat(store.query("""
                        SELECT concat_ws('|', version, record ->> 'reference', record ->> 'city_or_town',
                                         record ->> 'company_name', record -> 'metadata' -> 'n', record ->> 'deleted_at')
                          FROM views.customer_versions_1
                         ORDER BY version
                        """))
                .containsExactly(
                        "1|ref|Meteor \"Ltd\" \\ Ünïcode 🚀",
                        "2|ref|Durban|Meteor \"Ltd\" \\ Ünïcode 🚀",
                        "3|ref|Durban|Meteor \"Ltd\" \\ Ünïcode 🚀|1.10",
                        "4|ref|Meteor \"Ltd\" \\ Ünïcode 🚀|1.10",
                        "5|ref|Another \"Ltd\" \\ Ünï 🚀|1.10",
                        "6|ref|Meteor \"Ltd\" \\ Ünïcode 🚀|1.10",
                        "7|ref|Meteor \"Ltd\" \\ Ünïcode 🚀|1.10|2026-03-01 12:00:07",
                        "8|ref|Meteor \"Ltd\" \\ Ünïcode 🚀|1.10|2026-03-01 12:00:07",
                        "9|ref|Meteor \"Ltd\" \\ Ünïcode 🚀|1.10",
                        "10|ref|Meteor \"Ltd\" \\ Ünïcode 🚀");
    }

    @Test
    void whatWasCreatedIsNotGuessedWhenTheLedgerLostIt() throws Exception {
        store.append(created("cus_a", second(0), "ref"));
        store.append(updated("cus_a", second(1), CustomerField.CITY_OR_TOWN, "Durban"));
        assertThat(found("cus_a", second(1))).contains("Durban");
        try (Connection owner = store.connectAsOwner();
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
            statement.execute("DELETE FROM ledger.events WHERE sequence = 0");
        }

        assertThat(node.reads.findAsOf(MERCHANT, "cus_a", second(1), false)).isEmpty();
        assertThatThrownBy(() -> listed(second(1), null)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> listed(second(1), new Page(10, null))).isInstanceOf(UnavailableException.class);
        assertThat(store.query("SELECT version FROM views.customer_versions_1 WHERE record IS NOT NULL"))
                .isEmpty();
    }
}

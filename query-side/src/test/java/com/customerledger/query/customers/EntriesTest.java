package com.customerledger.query.customers;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.archived;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.restored;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.stopped;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.Personal;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.TestStore;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of each event. */
class EntriesTest {

    private static final String ACTIVE = "\"loo_CbOmCgDMnATtEX2ynSoQ0\"";
    private static final String ARCHIVED = "\"loo__uFIgkKYFm89AIF_3aBna\"";
    private static final String COMPANY = "\"Meteor \\\"Ltd\\\" \\\\ Ünïcode 🚀\"";

    private final TestStore store = new TestStore();
    private final TestViews node = new TestViews(store);

    @AfterEach
    void end() {
        node.close();
    }

    private List<?> entries() throws Exception {
        // The payments of nobody are asked for, because that answer waits for this view.
        node.reads.payments(MERCHANT, "cus_none", Consistency.STRONG);
        return store.query("SELECT entry FROM views.customer_versions_entries_1 ORDER BY position");
    }

    private static String entry(int version, String type, String at, String actor, String... changes) {
        return "\"version\":" + version + ",\"type\":\"" + type + "\",\"at\":\"2026-03-01 12:00:" + at
                + "\",\"actor\":" + actor + ",\"reason\":null,\"request_id\":\"req_one\",\"changes\":["
                + String.join(",", changes) + "]}";
    }

    private static String change(String field, String from, String to) {
        return "{\"field\":\"" + field + "\",\"from\":" + from + ",\"to\":" + to + "}";
    }

    @Test
    void everyEventHasItsEntryInTheOrderOfTheFields() throws Exception {
        FieldChanges two = FieldChanges.none()
                .with(CustomerField.METADATA, new JsonText("{\"n\":1.10,\"big\":12345678901234567890}"))
                .with(CustomerField.POSTAL_CODE, 7);
        store.append(created("cus_a", START, "ref"));
        store.append(new CustomerUpdated("cus_a", MERCHANT, START.plusSeconds(1), new Personal(two, "Thandi", null)));
        store.append(started("cus_a", START.plusSeconds(2), "PAY-1", PaymentMethod.EFT, 2));
        store.append(updated("cus_a", START.plusSeconds(3), CustomerField.POSTAL_CODE, null));
        store.append(stopped("cus_a", START.plusSeconds(4), "PAY-1"));
        store.append(archived("cus_a", START.plusSeconds(5)));
        store.append(restored("cus_a", START.plusSeconds(6)));

        assertThat(entries().toArray())
                .containsExactly(
                        entry(
                                1,
                                "CustomerCreated",
                                "00",
                                "null",
                                change("reference", "null", "\"ref\""),
                                change("company_name", "null", COMPANY),
                                change("customer_status_lookups_id", "null", ACTIVE)),
                        entry(
                                2,
                                "CustomerUpdated",
                                "01",
                                "\"Thandi\"",
                                change("postal_code", "null", "7"),
                                change("metadata", "null", "{\"n\":1.10,\"big\":12345678901234567890}")),
                        entry(
                                2,
                                "PaymentStarted",
                                "02",
                                "null",
                                change(
                                        "payment",
                                        "null",
                                        "{\"payment_id\":\"PAY-1\",\"method\":\"EFT\",\"state\":\"running\"}")),
                        entry(3, "CustomerUpdated", "03", "\"Thandi\"", change("postal_code", "7", "null")),
                        entry(
                                3,
                                "PaymentStopped",
                                "04",
                                "null",
                                change(
                                        "payment",
                                        "{\"payment_id\":\"PAY-1\",\"state\":\"running\"}",
                                        "{\"payment_id\":\"PAY-1\",\"state\":\"stopped\"}")),
                        entry(
                                4,
                                "CustomerArchived",
                                "05",
                                "null",
                                change("customer_status_lookups_id", ACTIVE, ARCHIVED)),
                        entry(
                                5,
                                "CustomerRestored",
                                "06",
                                "null",
                                change("customer_status_lookups_id", ARCHIVED, ACTIVE)));
    }

    @Test
    void eventsOfOneTransactionAreToldOneByOne() throws Exception {
        store.append(
                created("cus_a", START, "ref"),
                new CustomerArchived("cus_a", MERCHANT, START, true, new Personal(FieldChanges.none(), null, null)),
                created("cus_b", START, "two"));

        assertThat(entries()).hasSize(3);
        assertThat(store.query("""
                        SELECT string_agg(customer_id || ' ' || sequence || ' ' || version || ' ' || key_id, ', '
                                          ORDER BY position)
                          FROM views.customer_versions_entries_1
                        """)).containsExactly("cus_a 0 1 key_one, cus_a 1 2 key_one, cus_b 0 1 key_one");
    }

    @Test
    void eventsThatComeAgainChangeNothing() throws Exception {
        LedgerEvent[] events = {
            created("cus_a", START, "ref"),
            started("cus_a", START.plusSeconds(1), "PAY-1", PaymentMethod.EFT, 1),
            updated("cus_a", START.plusSeconds(2), CustomerField.CITY_OR_TOWN, "Durban"),
            stopped("cus_a", START.plusSeconds(3), "PAY-1")
        };
        for (LedgerEvent event : events) {
            store.append(event);
        }
        List<?> before = entries();
        View.Projection again = new CustomerVersions()
                .projection(new Generation(
                        1, CustomerVersions.NAME, 1, 2, com.customerledger.query.TestNode.ZONE, Generation.State.LIVE));
        try (Connection connection = store.connect()) {
            connection.setAutoCommit(false);
            List<RecordedEvent> all = new Tail(0).read(connection);
            again.apply(connection, all);
            for (int first = 0; first < all.size(); first++) {
                again.apply(connection, all.subList(first, all.size()));
            }
            connection.commit();
        }

        assertThat(before).hasSize(4);
        assertThat(entries().toArray()).isEqualTo(before.toArray());
        assertThat(store.query("SELECT version FROM views.customer_versions_1 ORDER BY version"))
                .containsExactly("1", "2");
    }
}

package com.customerledger.query.statistics;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.archived;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.restored;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.PaymentMethod;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.CustomerCounts.Count;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomerStatisticsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    // Two hours before midnight in UTC is midnight in the ledger's zone.
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T22:00:00Z");

    private final TestStore store = new TestStore();
    private final TestNode node = new TestNode(store, List.of(new CustomerStatistics()));

    @AfterEach
    void end() {
        node.close();
    }

    private static List<Count> counts(TestNode node, String merchant) {
        return new StatisticsReads(node.database(), node.views().freshness())
                .count(merchant, null, null, Consistency.STRONG)
                .counts();
    }

    private List<Count> counts() {
        return counts(node, MERCHANT);
    }

    @Test
    void customersAreCountedByTheLedgersDayOfTheirCreation() {
        store.append(
                created("cus_a", START, "1"),
                created("cus_b", MIDNIGHT.minusNanos(1_000), "2"),
                created("cus_c", MIDNIGHT, "3"),
                created("mer_two", "cus_d", START, "4"));

        assertThat(counts())
                .containsExactly(new Count(DAY.plusDays(1), Lookup.ACTIVE, 1), new Count(DAY, Lookup.ACTIVE, 2));
        assertThat(counts(node, "mer_two")).containsExactly(new Count(DAY, Lookup.ACTIVE, 1));
        assertThat(counts(node, "mer_none")).isEmpty();
        assertThat(new StatisticsReads(node.database(), node.views().freshness())
                        .count(MERCHANT, DAY, DAY.plusDays(1), Consistency.STRONG)
                        .counts())
                .containsExactly(new Count(DAY, Lookup.ACTIVE, 2));
    }

    @Test
    void aChangeOfStatusTakesACustomerFromOneCountToAnother() {
        Instant later = START.plus(Duration.ofDays(40));
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        store.append(updated("cus_a", later, CustomerField.CUSTOMER_STATUS, Lookup.DISABLED.id()));
        store.append(updated("cus_a", later, CustomerField.CITY_OR_TOWN, "Durban"));
        store.append(started("cus_b", later, "pay_1", PaymentMethod.EFT, 1));
        assertThat(counts()).containsExactly(new Count(DAY, Lookup.DISABLED, 1), new Count(DAY, Lookup.ACTIVE, 1));

        store.append(archived("cus_a", later), archived("cus_b", later));
        assertThat(counts()).containsExactly(new Count(DAY, Lookup.ARCHIVED, 2));

        store.append(restored("cus_a", later), archived("cus_a", later), restored("cus_a", later));
        assertThat(counts()).containsExactly(new Count(DAY, Lookup.ARCHIVED, 1), new Count(DAY, Lookup.ACTIVE, 1));
    }

    @Test
    void redeliveredEventsCountOnce() throws Exception {
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        store.append(archived("cus_a", START));
        store.append(restored("cus_a", START), archived("cus_b", START));
        List<Count> before = counts();
        node.close();
        store.execute("UPDATE views.positions SET position = 0");

        try (TestNode again = new TestNode(store, List.of(new CustomerStatistics()))) {
            assertThat(counts(again, MERCHANT)).isEqualTo(before);
        }
        store.execute("UPDATE views.positions SET position = (SELECT min(position) FROM ledger.events)");
        try (TestNode again = new TestNode(store, List.of(new CustomerStatistics()))) {
            store.append(archived("cus_a", START));
            assertThat(counts(again, MERCHANT)).containsExactly(new Count(DAY, Lookup.ARCHIVED, 2));
        }
    }
}

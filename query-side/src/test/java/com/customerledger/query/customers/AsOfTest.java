package com.customerledger.query.customers;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.archived;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.restored;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.FoundCustomer;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Page;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.query.ListReader;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.Generation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Customers as they were at a moment. */
class AsOfTest {

    private final TestStore store = new TestStore();
    private final TestViews node = new TestViews(store);

    @AfterEach
    void end() {
        node.close();
    }

    private Optional<FoundCustomer> at(String id, Instant moment) {
        return node.reads.findAsOf(MERCHANT, id, moment, true);
    }

    private static String text(Optional<FoundCustomer> found) {
        return new String(found.orElseThrow().json(), StandardCharsets.UTF_8);
    }

    private static ListCustomers query(Instant moment, @Nullable Lookup status, @Nullable Page page) {
        return new ListCustomers(MERCHANT, "key_one", status, null, null, moment, page, true, Consistency.STRONG);
    }

    private static final class Collecting implements ListReader {

        final List<String> records = new ArrayList<>();

        @Override
        public void begin(long lag) {
            assertThat(records).isEmpty();
        }

        @Override
        public void record(byte[] buffer, int offset, int length) {
            records.add(new String(buffer, offset, length, StandardCharsets.UTF_8)
                    .replaceAll(".*\"version\":([0-9]+),\"id\":\"([^\"]+)\".*", "$2 $1"));
        }
    }

    private List<String> list(ListCustomers query) throws IOException {
        Collecting reader = new Collecting();
        node.reads.list(query, reader);
        return reader.records;
    }

    @Test
    void aCustomerIsAsItWasToTheMicrosecond() {
        Instant moved = START.plusSeconds(10);
        store.append(created("cus_a", START, "ref"));
        store.append(updated("cus_a", moved, CustomerField.CITY_OR_TOWN, "Durban"));
        store.append(updated("cus_a", moved, CustomerField.CITY_OR_TOWN, "Paarl"));

        assertThat(at("cus_a", START.minusNanos(1_000))).isEmpty();
        assertThat(text(at("cus_a", START))).startsWith("{\"version\":1,").contains("\"city_or_town\":null");
        assertThat(text(at("cus_a", moved.minusNanos(1_000)))).startsWith("{\"version\":1,");
        assertThat(text(at("cus_a", moved))).startsWith("{\"version\":3,").contains("\"city_or_town\":\"Paarl\"");
        assertThat(at("cus_a", moved).orElseThrow().version()).isEqualTo(3);
        assertThat(node.reads.findAsOf("mer_two", "cus_a", moved, true)).isEmpty();
        assertThat(at("cus_none", moved)).isEmpty();
    }

    @Test
    void aListIsAsItWasAndSoAreItsFilters() throws IOException {
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        store.append(created("cus_c", START.plusSeconds(5), "3"));
        store.append(archived("cus_a", START.plusSeconds(10)));
        store.append(restored("cus_a", START.plusSeconds(20)));
        store.append(updated("cus_c", START.plusSeconds(30), CustomerField.EMAIL, "a@b.co"));

        assertThat(list(query(START.minusSeconds(1), null, null))).isEmpty();
        assertThat(list(query(START, null, null))).containsExactly("cus_a 1", "cus_b 1");
        assertThat(list(query(START.plusSeconds(10), null, null))).containsExactly("cus_c 1", "cus_a 2", "cus_b 1");
        assertThat(list(query(START.plusSeconds(10), Lookup.ARCHIVED, null))).containsExactly("cus_a 2");
        assertThat(list(query(START.plusSeconds(10), Lookup.ACTIVE, null))).containsExactly("cus_c 1", "cus_b 1");
        assertThat(list(query(START.plusSeconds(20), Lookup.ARCHIVED, null))).isEmpty();
        assertThat(list(query(START.plusSeconds(40), null, null))).containsExactly("cus_c 2", "cus_a 3", "cus_b 1");
        LocalDate day = LocalDate.ofInstant(START, TestNode.ZONE);
        assertThat(list(new ListCustomers(
                        MERCHANT,
                        "key_one",
                        null,
                        day.plusDays(1),
                        null,
                        START.plusSeconds(10),
                        null,
                        true,
                        Consistency.STRONG)))
                .isEmpty();
    }

    @Test
    void pagesOfAMomentJoinToItsWholeListWhateverHappensMeanwhile() throws IOException {
        store.append(IntStream.range(0, 23)
                .mapToObj(i -> created("cus_%02d".formatted(i), START.plusSeconds(i % 7), "r" + i))
                .toArray(LedgerEvent[]::new));
        store.append(archived("cus_05", START.plusSeconds(8)));
        Instant moment = START.plusSeconds(10);
        List<String> whole = list(query(moment, null, null));
        List<String> paged = new ArrayList<>();
        Place after = null;
        int pages = 0;
        do {
            Collecting reader = new Collecting();
            after = node.reads
                    .list(query(moment, null, new Page(4, after)), reader)
                    .orElse(null);
            paged.addAll(reader.records);
            store.append(updated(
                    "cus_%02d".formatted(pages), START.plusSeconds(60 + pages), CustomerField.CITY_OR_TOWN, "x"));
            store.append(created("cus_new" + pages, START.plusSeconds(100), "new"));
            pages++;
        } while (after != null);

        assertThat(whole).hasSize(23).contains("cus_05 2");
        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void aPageIsAWalkAlongTheIndex() throws Exception {
        store.append(created("cus_a", START, "1"));
        ListCustomers query = query(START, null, new Page(10, null));
        assertThat(list(query)).hasSize(1);

        assertThat(plan(query))
                .contains("Merge Append", "Index Scan using customer_versions_by_age_1", "(valid_from <=")
                .doesNotContain("Sort  (", "Seq Scan", "Bitmap");
    }

    @Test
    void aPageOfOneStatusAsksForEachCustomerAloneWhetherItHadAnother() throws Exception {
        store.append(created("cus_a", START, "1"), archived("cus_a", START.plusSeconds(1)));
        ListCustomers query = query(START.plusSeconds(1), Lookup.ACTIVE, new Page(10, null));
        assertThat(list(query)).isEmpty();

        assertThat(plan(query))
                .contains("(customer_id = ", "SubPlan", "(sequence > ")
                .doesNotContain("Sort  (", "Seq Scan", "Bitmap", "Join", "Nested Loop");
    }

    private String plan(ListCustomers query) throws Exception {
        String page = ListSql.of(query, TestNode.ZONE)
                .whole(
                        new Generation(1, CustomerVersions.NAME, 1, 1, TestNode.ZONE, Generation.State.LIVE),
                        true,
                        "'mer_one'",
                        "''");
        try (var connection = node.node.database().query();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("EXPLAIN " + page)) {
            StringBuilder plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            return plan.toString();
        }
    }

    @Test
    void aMomentThatAWriteMayStillBelongToIsWaitedFor() throws Exception {
        store.append(created("cus_a", START, "1"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        ExecutorService reader = Executors.newFixedThreadPool(2);
        try (TestStore.Writer slow = store.new Writer()) {
            slow.append(List.of(updated("cus_a", now, CustomerField.CITY_OR_TOWN, "Durban")));
            Future<Optional<FoundCustomer>> early = reader.submit(() -> at("cus_a", now));
            Future<List<String>> list = reader.submit(() -> list(query(now, null, null)));
            // The bound is past, and the write's commit is not through yet, as on a slow disk.
            await().pollDelay(TestViews.WRITE_MAX.plusMillis(500)).until(() -> !early.isDone() && !list.isDone());
            slow.commit();

            assertThat(text(early.get())).contains("\"city_or_town\":\"Durban\"");
            assertThat(list.get()).containsExactly("cus_a 2");
            assertThat(Instant.now()).isAfter(now.plus(TestViews.WRITE_MAX));
        } finally {
            reader.shutdownNow();
        }
    }

    @Test
    void aWriteThatDoesNotEndIsNoReasonToGuess() throws Exception {
        store.append(created("cus_a", START, "1"));
        Instant recent = Instant.now().minusSeconds(2).truncatedTo(ChronoUnit.MICROS);
        try (TestViews impatient = new TestViews(store, TestNode.ZONE, Duration.ofMillis(300));
                TestStore.Writer stuck = store.new Writer()) {
            await().until(() -> impatient.views.troubles().isEmpty());
            stuck.append(List.of(updated("cus_a", recent, CustomerField.CITY_OR_TOWN, "Durban")));

            assertThatThrownBy(() -> impatient.reads.findAsOf(MERCHANT, "cus_a", recent, false))
                    .isInstanceOf(UnavailableException.class);
            assertThat(impatient.reads.findAsOf(MERCHANT, "cus_a", START, false))
                    .isPresent();
        }
    }
}

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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.Personal;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.FoundCustomer;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Page;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.query.ListReader;
import com.customerledger.events.query.RunningPayments;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.Generation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomerReadsTest {

    private final TestStore store = new TestStore();
    private final TestViews node = new TestViews(store);
    private final CustomerReads reads = node.reads;
    private final CustomerJson json = new CustomerJson(TestNode.ZONE);

    @AfterEach
    void end() {
        node.close();
    }

    /** Keeps what it is given. */
    private static class Collecting implements ListReader {

        final List<String> records = new ArrayList<>();
        long lagMillis = -1;

        @Override
        public void begin(long lag) throws IOException {
            lagMillis = lag;
        }

        @Override
        public void record(byte[] buffer, int offset, int length) throws IOException {
            records.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
    }

    private static ListCustomers everything() {
        return query(null, null, null, null, false);
    }

    private static ListCustomers query(
            @Nullable Lookup status,
            @Nullable LocalDate start,
            @Nullable LocalDate end,
            @Nullable Page page,
            boolean versions) {
        return new ListCustomers(MERCHANT, "key_one", status, start, end, null, page, versions, Consistency.STRONG);
    }

    private List<String> list(ListCustomers query) throws IOException {
        Collecting reader = new Collecting();
        reads.list(query, reader);
        return reader.records;
    }

    private List<String> ids(ListCustomers query) throws IOException {
        return list(query).stream().map(CustomerReadsTest::id).toList();
    }

    private static String id(String record) {
        return record.replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
    }

    private String text(LedgerEvent... events) {
        CustomerRecord customer = null;
        for (LedgerEvent event : events) {
            customer = CustomerRecord.after(customer, event);
        }
        assertThat(customer).isNotNull();
        return json.text(customer);
    }

    private FoundCustomer found(String id) {
        return reads.find(MERCHANT, id, false, Consistency.STRONG).orElseThrow();
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aCustomerIsWhatItsEventsAmountTo() {
        LedgerEvent created = created("cus_a", START, "ref");
        LedgerEvent updated = updated(
                "cus_a",
                START.plusSeconds(5),
                CustomerField.METADATA,
                new JsonText("{\"n\":1.10,\"big\":12345678901234567890,\"e\\\\\\\"\":[null,{}]}"));
        LedgerEvent cleared = updated("cus_a", START.plusSeconds(9), CustomerField.COMPANY_NAME, null);
        LedgerEvent archived = archived("cus_a", START.plusSeconds(20));
        LedgerEvent restored = restored("cus_a", START.plusSeconds(30));
        store.append(created);
        assertThat(utf8(found("cus_a").json())).isEqualTo(text(created));

        store.append(updated);
        assertThat(utf8(found("cus_a").json())).isEqualTo(text(created, updated));

        store.append(cleared);
        store.append(archived);
        assertThat(utf8(found("cus_a").json())).isEqualTo(text(created, updated, cleared, archived));
        assertThat(found("cus_a").version()).isEqualTo(4);

        store.append(restored);
        assertThat(utf8(found("cus_a").json())).isEqualTo(text(created, updated, cleared, archived, restored));
        assertThat(utf8(reads.find(MERCHANT, "cus_a", true, Consistency.STRONG)
                        .orElseThrow()
                        .json()))
                .startsWith("{\"version\":5,\"id\":\"cus_a\",");
    }

    @Test
    void aTransactionOfManyEventsOfOneCustomerIsFoldedWhole() throws Exception {
        LedgerEvent created = created("cus_a", START, "ref");
        LedgerEvent archived =
                new CustomerArchived("cus_a", MERCHANT, START, true, new Personal(FieldChanges.none(), null, null));
        store.append(created, archived, created("cus_b", START, "two"));

        assertThat(utf8(found("cus_a").json()))
                .isEqualTo(text(created, archived))
                .contains("\"updated_at\":null");
        await().until(() -> store.query("SELECT version FROM views.customer_versions_1 WHERE customer_id = 'cus_a'")
                .containsAll(List.of("1", "2")));
        assertThat(store.query("""
                        SELECT string_agg(version || ' ' || (valid_to = 'infinity') || ' ' || (valid_from < valid_to), ', '
                                          ORDER BY version)
                          FROM views.customer_versions_1
                         WHERE customer_id = 'cus_a'
                        """)).containsExactly("1 false false, 2 true true");
    }

    @Test
    void everyVersionIsKeptWithTheTimeItWasValid() throws Exception {
        store.append(created("cus_a", START, "ref"));
        store.append(updated("cus_a", START.plusSeconds(1), CustomerField.CITY_OR_TOWN, "Durban"));
        store.append(
                updated("cus_a", START.plusSeconds(2), CustomerField.CITY_OR_TOWN, "Paarl"),
                updated("cus_a", START.plusSeconds(3), CustomerField.CITY_OR_TOWN, null));
        assertThat(found("cus_a").version()).isEqualTo(4);

        await().untilAsserted(() -> assertThat(store.query("""
                        SELECT version || ' ' || extract(epoch FROM valid_from - '2026-03-01T10:00:00.000001Z')::integer
                               || ' ' || CASE WHEN valid_to = 'infinity' THEN 'now'
                                         ELSE extract(epoch FROM valid_to - valid_from)::integer::text END
                               || ' ' || (record::jsonb ->> 'city_or_town' IS NULL)
                          FROM views.customer_versions_1
                         ORDER BY version
                        """))
                .containsExactly("1 0 1 true", "2 1 1 false", "3 2 1 false", "4 3 now true"));
    }

    @Test
    void anotherMerchantsCustomerIsNotThere() throws IOException {
        store.append(created("mer_two", "cus_theirs", START, "ref"));
        store.append(created("mer_t'wo", "cus_quoted", START, "ref"));

        assertThat(reads.find(MERCHANT, "cus_theirs", false, Consistency.STRONG))
                .isEmpty();
        assertThat(reads.payments(MERCHANT, "cus_theirs", Consistency.STRONG)).isEmpty();
        assertThat(list(everything())).isEmpty();
        assertThat(ids(new ListCustomers("mer_t'wo", "key", null, null, null, null, null, false, Consistency.STRONG)))
                .containsExactly("cus_quoted");
    }

    @Test
    void theListIsNewestFirstThenById() throws IOException {
        store.append(created("cus_old", START.minusSeconds(1), "0"));
        store.append(
                created("cus_b", START, "1"),
                created("cus_a", START, "2"),
                created("cus_-", START, "3"),
                created("cus_Z", START, "4"));
        store.append(created("cus_new", START.plusNanos(1_000), "5"));
        store.append(archived("cus_Z", START.plusSeconds(5)));

        assertThat(ids(everything())).containsExactly("cus_new", "cus_-", "cus_Z", "cus_a", "cus_b", "cus_old");
        assertThat(ids(query(Lookup.ACTIVE, null, null, null, false)))
                .containsExactly("cus_new", "cus_-", "cus_a", "cus_b", "cus_old");
        assertThat(ids(query(Lookup.ARCHIVED, null, null, null, false))).containsExactly("cus_Z");
        assertThat(ids(query(Lookup.DISABLED, null, null, null, false))).isEmpty();
        assertThat(list(query(Lookup.ARCHIVED, null, null, null, true)).get(0)).startsWith("{\"version\":2,\"id\":");
    }

    @Test
    void datesAreMidnightsInTheZone() throws IOException {
        Instant midnight = Instant.parse("2026-03-04T22:00:00Z");
        store.append(
                created("cus_before", midnight.minusNanos(1_000), "1"),
                created("cus_first", midnight, "2"),
                created("cus_last", midnight.plus(Duration.ofDays(1)).minusNanos(1_000), "3"),
                created("cus_after", midnight.plus(Duration.ofDays(1)), "4"));
        LocalDate day = LocalDate.of(2026, 3, 5);

        assertThat(ids(query(null, day, day.plusDays(1), null, false))).containsExactly("cus_last", "cus_first");
        assertThat(ids(query(null, day, null, null, false))).containsExactly("cus_after", "cus_last", "cus_first");
        assertThat(ids(query(null, null, day, null, false))).containsExactly("cus_before");
        assertThat(ids(query(Lookup.ACTIVE, day, day, null, false))).isEmpty();
        assertThat(ids(query(null, null, day, new Page(10, null), false))).containsExactly("cus_before");
    }

    @Test
    void pagesSurviveInserts() throws IOException {
        for (int batch = 0; batch < 3; batch++) {
            int offset = batch * 7;
            store.append(IntStream.range(0, 7)
                    .mapToObj(i -> created("cus_%02d".formatted(offset + i), START.plusSeconds(offset), "r"))
                    .toArray(LedgerEvent[]::new));
        }
        List<String> whole = ids(everything());
        List<String> paged = new ArrayList<>();
        Place after = null;
        int pages = 0;
        do {
            Collecting reader = new Collecting();
            Optional<Place> next = reads.list(query(null, null, null, new Page(4, after), true), reader);
            paged.addAll(reader.records.stream().map(CustomerReadsTest::id).toList());
            after = next.orElse(null);
            pages++;
            store.append(created("cus_new" + pages, START.plusSeconds(100), "new"));
        } while (after != null);

        assertThat(pages).isEqualTo(6);
        assertThat(paged).containsExactlyElementsOf(whole);
    }

    @Test
    void aPageThatEndsWithTheListHasNoNext() throws IOException {
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));

        assertThat(reads.list(query(null, null, null, new Page(2, null), false), new Collecting()))
                .isEmpty();
        assertThat(reads.list(query(null, null, null, new Page(1, null), false), new Collecting()))
                .contains(new Place(START.getEpochSecond() * 1_000_000 + 1, "cus_a"));
    }

    @Test
    void aListIsOneWalkAlongTheIndex() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(ids(everything())).hasSize(1);
        ListSql sql = ListSql.of(everything(), TestNode.ZONE);
        String whole = sql.whole(
                new Generation(1, CustomerList.NAME, 1, 1, TestNode.ZONE, Generation.State.LIVE),
                true,
                "'mer_one'",
                "''");
        try (var connection = node.node.database().query();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("EXPLAIN " + whole)) {
            StringBuilder plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            assertThat(plan.toString())
                    .contains("Merge Append", "Index Scan using customer_list_by_age_1")
                    .doesNotContain("Sort  (", "Seq Scan", "Bitmap", "Filter");
        }
    }

    @Test
    void aReadSeesEveryWriteBeforeIt() {
        for (int i = 0; i < 50; i++) {
            String id = "cus_" + i;
            store.append(created(id, START, "r" + i));
            assertThat(reads.find(MERCHANT, id, false, Consistency.STRONG))
                    .as(id)
                    .isPresent();
        }
    }

    @Test
    void aReadThatWouldBeStaleIsNotAnswered() throws Exception {
        store.append(created("cus_a", Instant.now().minusSeconds(100), "1"));
        assertThat(found("cus_a").lagMillis()).isZero();
        try (TestViews impatient = new TestViews(store, TestNode.ZONE, Duration.ofMillis(500));
                TestStore.Writer slow = store.new Writer()) {
            await().until(() -> impatient.views.troubles().isEmpty());
            slow.append(List.of(created("cus_slow", START, "2")));
            store.append(created("cus_b", Instant.now().minusSeconds(50), "3"));

            assertThatThrownBy(() -> impatient.reads.find(MERCHANT, "cus_a", false, Consistency.STRONG))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("in time");
            FoundCustomer asItIs =
                    reads.find(MERCHANT, "cus_a", false, Consistency.EVENTUAL).orElseThrow();
            assertThat(asItIs.lagMillis()).isBetween(50_000L, 70_000L);
            Collecting reader = new Collecting();
            reads.list(
                    new ListCustomers(MERCHANT, "key_one", null, null, null, null, null, false, Consistency.EVENTUAL),
                    reader);
            assertThat(reader.records).hasSize(1);
            assertThat(reader.lagMillis).isBetween(50_000L, 70_000L);

            slow.commit();
            assertThat(reads.find(MERCHANT, "cus_b", false, Consistency.STRONG)).isPresent();
        }
    }

    @Test
    void runningPaymentsFollowTheCustomerOrStayAsAtTheirStart() {
        CustomerCreated created = created("cus_a", START, "ref");
        LedgerEvent updated = updated("cus_a", START.plusSeconds(9), CustomerField.CITY_OR_TOWN, "Durban");
        store.append(created);
        store.append(
                started("cus_a", START.plusSeconds(1), "pay_e\"ft", PaymentMethod.EFT, 1),
                started("cus_a", START.plusSeconds(2), "pay_debi", PaymentMethod.DEBICHECK, 1),
                started("cus_a", START.plusSeconds(3), "pay_gone", PaymentMethod.EFT, 1));
        store.append(updated, stopped("cus_a", START.plusSeconds(10), "pay_gone"));

        RunningPayments payments =
                reads.payments(MERCHANT, "cus_a", Consistency.STRONG).orElseThrow();
        assertThat(utf8(payments.json()))
                .isEqualTo("[{\"payment_id\":\"pay_e\\\"ft\",\"method\":\"EFT\",\"started_at\":\"2026-03-01 12:00:01\","
                        + "\"customer\":" + text(created, updated) + "},"
                        + "{\"payment_id\":\"pay_debi\",\"method\":\"DEBICHECK\",\"started_at\":\"2026-03-01 12:00:02\","
                        + "\"customer\":" + text(created) + "}]");
        assertThat(reads.find(MERCHANT, "cus_a", false, Consistency.STRONG)
                        .orElseThrow()
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aCustomerWithoutPaymentsHasAnEmptyList() {
        store.append(created("cus_a", START, "ref"));

        assertThat(utf8(reads.payments(MERCHANT, "cus_a", Consistency.STRONG)
                        .orElseThrow()
                        .json()))
                .isEqualTo("[]");
        assertThat(reads.payments(MERCHANT, "cus_none", Consistency.STRONG)).isEmpty();
    }

    @Test
    void aReaderThatGoesAwayLeavesAHealthyConnection() throws IOException {
        store.append(IntStream.range(0, 3_000)
                .mapToObj(i -> created("cus_" + i, START, "r" + i))
                .toArray(LedgerEvent[]::new));
        for (int i = 0; i < 5; i++) {
            int enough = 10 + 700 * i;
            assertThatThrownBy(() -> reads.list(everything(), new Collecting() {
                        @Override
                        public void record(byte[] buffer, int offset, int length) throws IOException {
                            super.record(buffer, offset, length);
                            if (records.size() == enough) {
                                throw new IOException("gone");
                            }
                        }
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone");
        }
        assertThat(list(everything())).hasSize(3_000);
    }

    @Test
    void aStreamsConnectionThatWasLostIsNotUsedAgain() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(list(everything())).hasSize(1);
        store.execute("""
                SELECT pg_terminate_backend(pid, 5000)
                  FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'ledger-streams'
                """);

        List<Boolean> answered = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            try {
                answered.add(list(everything()).size() == 1);
            } catch (UnavailableException lost) {
                answered.add(false);
            }
        }
        assertThat(answered).endsWith(true, true, true, true);
    }

    @Test
    void aListThatTakesTooLongIsCutOff() throws IOException {
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        CustomerReads hasty = new CustomerReads(
                node.node.database(),
                node.views.freshness(),
                TestViews.writeBound(node.node, TestNode.PATIENCE),
                TestNode.ZONE,
                2,
                Duration.ofNanos(1));
        Collecting reader = new Collecting();

        assertThatThrownBy(() -> hasty.list(everything(), reader)).isInstanceOf(IOException.class);
        assertThat(reader.records).hasSize(1);
        assertThat(list(everything())).hasSize(2);
    }

    @Test
    void theDatabaseWaitsForASlowReaderAndNothingPilesUp() throws Exception {
        JsonText large = new JsonText("{\"text\":\"" + "x".repeat(12_000) + "\"}");
        store.append(IntStream.range(0, 2_000)
                .boxed()
                .flatMap(i -> Stream.of(
                        created("cus_" + i, START, "r" + i), updated("cus_" + i, START, CustomerField.METADATA, large)))
                .toArray(LedgerEvent[]::new));
        long[] counted = new long[2];
        reads.list(everything(), new ListReader() {
            @Override
            public void begin(long lagMillis) {}

            @Override
            public void record(byte[] buffer, int offset, int length) {
                if (counted[0]++ == 0) {
                    await().until(() -> store.query("""
                                            SELECT wait_event
                                              FROM pg_stat_activity
                                             WHERE datname = current_database() AND application_name = 'ledger-streams'
                                               AND state = 'active'
                                            """), waiting -> waiting.equals(List.of("ClientWrite")));
                }
                counted[1] += length;
            }
        });

        assertThat(counted[0]).isEqualTo(2_000);
        assertThat(counted[1]).isGreaterThan(24_000_000);
    }

    @Test
    void slowReadersStopNobodyElse() throws Exception {
        store.append(IntStream.range(0, 3_000)
                .mapToObj(i -> created("cus_" + i, START, "r" + i))
                .toArray(LedgerEvent[]::new));
        assertThat(list(everything())).hasSize(3_000);
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> slow = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                slow.add(readers.submit(() -> {
                    Collecting reader = new Collecting() {
                        @Override
                        public void begin(long lag) throws IOException {
                            begun.countDown();
                            try {
                                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        }
                    };
                    reads.list(everything(), reader);
                    return reader.records.size();
                }));
            }
            await().until(() -> begun.getCount() == 0 || slow.stream().anyMatch(Future::isDone));
            for (Future<Integer> each : slow) {
                assertThat(each.isDone() ? each.get() : 0).isZero();
            }

            assertThatThrownBy(() -> list(everything()))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.RATE));
            ListCustomers other =
                    new ListCustomers(MERCHANT, "key_two", null, null, null, null, null, false, Consistency.STRONG);
            assertThatThrownBy(() -> list(other)).isInstanceOf(UnavailableException.class);
            store.append(created("cus_new", START, "new"));
            assertThat(reads.find(MERCHANT, "cus_new", false, Consistency.STRONG))
                    .isPresent();
            assertThat(ids(query(null, null, null, new Page(5, null), false))).hasSize(5);

            goOn.countDown();
            for (Future<Integer> each : slow) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(3_000);
            }
            assertThat(list(other)).hasSize(3_001);
        } finally {
            goOn.countDown();
            readers.shutdownNow();
        }
    }

    @Test
    void redeliveredEventsChangeNothing() throws Exception {
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        store.append(
                updated("cus_a", START.plusSeconds(1), CustomerField.CITY_OR_TOWN, "Durban"),
                started("cus_b", START.plusSeconds(1), "pay_1", PaymentMethod.EFT, 1),
                archived("cus_a", START.plusSeconds(2)));
        store.append(stopped("cus_b", START.plusSeconds(3), "pay_1"));
        assertThat(reads.payments(MERCHANT, "cus_b", Consistency.STRONG)).isPresent();
        Set<String> before = contents();
        node.close();
        store.execute("UPDATE views.positions SET position = 0");
        try (TestViews again = new TestViews(store)) {
            await().until(() ->
                    again.reads.payments(MERCHANT, "cus_b", Consistency.STRONG).isPresent());
            assertThat(contents()).isEqualTo(before);
        }
    }

    private Set<String> contents() throws Exception {
        Set<String> rows = new TreeSet<>();
        for (String table : List.of("customer_list_1", "customer_versions_1", "payments_1")) {
            store.query("SELECT to_jsonb(t)::text FROM views." + table + " t").forEach(row -> rows.add(table + row));
        }
        return rows;
    }

    @Test
    void anotherZoneNeedsAnotherGeneration() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(utf8(found("cus_a").json())).contains("\"created_at\":\"2026-03-01 12:00:00\"");
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        try (TestViews other = new TestViews(store, berlin, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> other.reads.find(MERCHANT, "cus_a", false, Consistency.STRONG))
                    .isInstanceOf(UnavailableException.class);
            assertThat(other.views.troubles()).isNotEmpty();

            node.close();
            await().ignoreExceptionsInstanceOf(UnavailableException.class)
                    .untilAsserted(() -> assertThat(utf8(other.reads
                                    .find(MERCHANT, "cus_a", false, Consistency.STRONG)
                                    .orElseThrow()
                                    .json()))
                            .contains("\"created_at\":\"2026-03-01 11:00:00\""));
            await().until(
                            () -> store.query("SELECT relname FROM pg_class WHERE relname LIKE 'customer_list__'"),
                            tables -> tables.equals(List.of("customer_list_2")));
            await().until(() -> other.views.troubles().isEmpty());
        }
    }
}

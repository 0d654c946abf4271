package com.customerledger.query.customers;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Personal;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.LedgerViewOperations;
import com.customerledger.query.view.View;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The customers' views filled beside the live ones: many events at once, without keys until they are needed. */
class FilledAnewTest {

    private static final int TRANSACTION = 100;

    /** As long as commands are watched, batches are small, so that a short history has several. */
    private static final int MAX_P99_MS = 60_000;

    private final TestStore store = new TestStore();
    private final List<View> views = List.of(new CustomerList(), new CustomerVersions());
    private final TestNode node = new TestNode(store, views);
    private final LedgerViewOperations operations = new LedgerViewOperations();

    @BeforeEach
    void write() {
        create(0, 900);
        // The first change comes in a batch of which most customers are new, too.
        change("first", 850, 950);
        create(900, 1_200);
        change("second", 0, 1_200);
        node.views().freshness().admit(Consistency.STRONG, List.of(CustomerList.NAME, CustomerVersions.NAME));
    }

    @AfterEach
    void end() {
        node.close();
    }

    private void create(int from, int to) {
        for (int first = from; first < to; first += TRANSACTION) {
            store.append(IntStream.range(first, first + TRANSACTION)
                    .mapToObj(n -> created("cus_" + n, START, "reference " + n))
                    .toArray(LedgerEvent[]::new));
        }
    }

    private void change(String town, int from, int to) {
        store.append(IntStream.range(from, Math.min(to, 900))
                .mapToObj(n -> updated("cus_" + n, START.plusSeconds(1), CustomerField.CITY_OR_TOWN, town + n))
                .toArray(LedgerEvent[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {CustomerList.NAME, CustomerVersions.NAME})
    void holdsWhatTheLiveOneHoldsWithTheSameKeys(String view) throws Exception {
        operations.rebuild(store.database(), view, MAX_P99_MS);
        operations.follow(store.database(), view, true, filling -> true);

        assertThat(operations.swap(store.database(), view)).contains("both hold the same at position");
        assertThat(constraints(view, 2)).isEqualTo(constraints(view, 1)).isNotEmpty();
        assertThat(indexes(view, 2)).isEqualTo(indexes(view, 1)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {CustomerList.NAME, CustomerVersions.NAME})
    void beginsWithoutKeys(String view) throws Exception {
        node.close();
        operations.rebuild(store.database(), view, null);

        assertThat(constraints(view, 2)).isEmpty();
        assertThat(indexes(view, 2)).isEmpty();
    }

    // Every other one has a name in which nothing is escaped, and some of these are changed in the batch of their
    // creation.
    @Test
    void plainCreationsAmongOthersAreFilledTheSame() throws Exception {
        for (int first = 2_000; first < 3_500; first += TRANSACTION) {
            store.append(IntStream.range(first, first + TRANSACTION)
                    .mapToObj(n -> n % 2 == 0 ? created("cus_" + n, START, "reference " + n) : plain(n))
                    .toArray(LedgerEvent[]::new));
            store.append(updated("cus_" + (first + 1), START, CustomerField.PERSON_NAME, "Thandi"));
        }
        node.views().freshness().admit(Consistency.STRONG, List.of(CustomerList.NAME));
        operations.rebuild(store.database(), CustomerList.NAME, MAX_P99_MS);
        operations.follow(store.database(), CustomerList.NAME, true, filling -> true);

        assertThat(operations.swap(store.database(), CustomerList.NAME))
                .contains("both hold the same at position", "2700 rows");
    }

    // Without keys there is nothing that a row could conflict with, so that the few have to be copied like the many.
    @Test
    void fewChangedCustomersAmongManyPlainOnesAreFilledTheSame() throws Exception {
        assertThatARebuildHoldsTheSame(IntStream.range(0, 12)
                .mapToObj(batch -> Stream.concat(
                                IntStream.range(0, TRANSACTION).mapToObj(n -> plain(batch * TRANSACTION + n)),
                                Stream.of(updated("cus_" + batch * TRANSACTION, START, CustomerField.PERSON_NAME, "T")))
                        .toArray(LedgerEvent[]::new)));
    }

    @Test
    void batchesOfFewCustomersWithManyEventsAreFilledTheSame() throws Exception {
        assertThatARebuildHoldsTheSame(IntStream.range(0, 60)
                .mapToObj(n -> Stream.concat(
                                Stream.of(plain(n)),
                                IntStream.range(0, 20)
                                        .mapToObj(i -> updated("cus_" + n, START, CustomerField.PERSON_NAME, "T" + i)))
                        .toArray(LedgerEvent[]::new)));
    }

    private void assertThatARebuildHoldsTheSame(Stream<LedgerEvent[]> transactions) throws Exception {
        TestStore another = new TestStore();
        try (TestNode its = new TestNode(another, views)) {
            transactions.forEach(another::append);
            its.views().freshness().admit(Consistency.STRONG, List.of(CustomerList.NAME, CustomerVersions.NAME));
            for (View view : views) {
                operations.rebuild(another.database(), view.name(), MAX_P99_MS);
                operations.follow(another.database(), view.name(), true, filling -> true);
                assertThat(operations.swap(another.database(), view.name())).contains("both hold the same at position");
            }
        }
    }

    @Test
    void theSamplesOfWhatWasFilledAreSmallToo() throws Exception {
        operations.rebuild(store.database(), CustomerVersions.NAME, MAX_P99_MS);
        operations.follow(store.database(), CustomerVersions.NAME, true, filling -> true);

        // An index's expression has a sample of its own, and the table's is as large as the largest.
        assertThat(store.query("""
                        SELECT attrelid::regclass::text
                          FROM pg_index
                          JOIN pg_attribute ON attrelid = indexrelid
                         WHERE indkey[attnum - 1] = 0 AND attstattarget = 10
                         ORDER BY 1
                        """))
                .containsExactly("views.customer_versions_by_age_1", "views.customer_versions_by_age_2");
    }

    private static CustomerCreated plain(int n) {
        FieldChanges fields = FieldChanges.none()
                .with(CustomerField.REFERENCE, "reference " + n)
                .with(CustomerField.COMPANY_NAME, "Ünïcode 🚀")
                .with(CustomerField.POSTAL_CODE, n)
                .with(CustomerField.CUSTOMER_STATUS, n % 4 == 1 ? Lookup.ACTIVE.id() : Lookup.DISABLED.id())
                .with(CustomerField.METADATA, new JsonText("{\"n\":[" + n + "]}"));
        return new CustomerCreated("cus_" + n, TestStore.MERCHANT, START, new Personal(fields, null, null));
    }

    private List<String> constraints(String view, int generation) throws Exception {
        return store.query("""
                        SELECT replace(conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid), '_%2$d', '_N')
                          FROM pg_constraint
                         WHERE contype IN ('p', 'u') AND conrelid::regclass::text ~ '^views.%1$s.*_%2$d$'
                         ORDER BY 1
                        """.formatted(view, generation)).stream()
                .map(String::valueOf)
                .toList();
    }

    private List<String> indexes(String view, int generation) throws Exception {
        return store.query("""
                        SELECT replace(indexdef, '_%2$d', '_N')
                          FROM pg_indexes
                         WHERE schemaname = 'views' AND tablename ~ '^%1$s.*_%2$d$'
                         ORDER BY 1
                        """.formatted(view, generation)).stream()
                .map(String::valueOf)
                .toList();
    }
}

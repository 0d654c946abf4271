package com.customerledger.query.history;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.archived;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.query.EventFeed.Page;
import com.customerledger.events.query.EventFeed.Place;
import com.customerledger.events.query.HistoryQueries;
import com.customerledger.events.query.HistoryQueries.Setting;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

class HistoryReadsTest {

    private final TestStore store = new TestStore();
    private final TestNode node = new TestNode(store, views());
    private final HistoryReads history =
            new HistoryReads(node.database(), node.views().freshness());
    private final FeedReads feed = new FeedReads(
            node.database(), node.views().freshness(), node.views().news());

    @AfterEach
    void end() {
        node.close();
    }

    /** Found as the application finds them. */
    @ComponentScan(
            basePackages = "com.customerledger.query",
            useDefaultFilters = false,
            includeFilters =
                    @ComponentScan.Filter(
                            type = FilterType.REGEX,
                            pattern = "com.customerledger.query.(customers.CustomerVersions|seal.Seal)"))
    static class Found {}

    private static List<View> views() {
        try (var context = new AnnotationConfigApplicationContext(Found.class)) {
            return List.copyOf(context.getBeansOfType(View.class).values());
        }
    }

    private List<ToldEvent> all(String customer) {
        return history.history(MERCHANT, customer, HistoryQueries.BEGINNING, 1_000);
    }

    private static List<Long> numbers(List<ToldEvent> events) {
        return events.stream().map(ToldEvent::number).toList();
    }

    @Test
    void aHistoryIsToldFromTheFirstEventWithTheMerchantsNumbers() {
        store.append(created("cus_a", START, "1"), created("mer_two", "cus_theirs", START, "1"));
        store.append(created("cus_b", START, "2"));
        store.append(updated("cus_a", START.plusSeconds(1), CustomerField.CITY_OR_TOWN, "Paarl"));

        List<ToldEvent> events = all("cus_a");

        assertThat(numbers(events)).containsExactly(1L, 3L);
        assertThat(events.get(1).entry())
                .startsWith("\"version\":2,\"type\":\"CustomerUpdated\",")
                .endsWith("\"changes\":[{\"field\":\"city_or_town\",\"from\":null,\"to\":\"Paarl\"}]}");
        assertThat(events.get(1).keyId()).isEqualTo("key_one");
        assertThat(numbers(history.history(MERCHANT, "cus_a", 0, 10))).containsExactly(3L);
        assertThat(numbers(history.history(MERCHANT, "cus_a", -1, 1))).containsExactly(1L);
        assertThat(all("cus_theirs")).isEmpty();
        assertThat(all("cus_none")).isEmpty();
        assertThat(numbers(history.history("mer_two", "cus_theirs", -1, 10))).containsExactly(1L);
    }

    @Test
    void eachFieldIsBlamedOnTheEventThatSetItLast() {
        store.append(created("cus_a", START, "1"));
        store.append(updated("cus_a", START.plusSeconds(1), CustomerField.METADATA, new JsonText("{\"n\":1.10}")));
        store.append(updated("cus_a", START.plusSeconds(2), CustomerField.EMAIL, "a@b.co"));
        store.append(updated("cus_a", START.plusSeconds(3), CustomerField.EMAIL, null));
        for (int i = 0; i < 250; i++) {
            store.append(updated("cus_a", START.plusSeconds(4 + i), CustomerField.POSTAL_CODE, i));
        }
        store.append(started("cus_a", START.plusSeconds(300), "PAY-1", PaymentMethod.EFT, 254));
        store.append(archived("cus_a", START.plusSeconds(301)));

        Map<CustomerField, Setting> blame = history.blame(MERCHANT, "cus_a");

        assertThat(blame.keySet()).containsExactlyElementsOf(CustomerField.all());
        assertThat(blame.get(CustomerField.REFERENCE))
                .isEqualTo(new Setting(
                        "\"1\"", 1, "key_one", 1, "CustomerCreated", "2026-03-01 12:00:00", null, null, "req_one"));
        assertThat(blame.get(CustomerField.METADATA))
                .isEqualTo(new Setting(
                        "{\"n\":1.10}",
                        2,
                        "key_one",
                        2,
                        "CustomerUpdated",
                        "2026-03-01 12:00:01",
                        "Thandi",
                        null,
                        "req_one"));
        assertThat(blame.get(CustomerField.EMAIL))
                .extracting(Setting::value, Setting::number)
                .containsExactly("null", 4L);
        assertThat(blame.get(CustomerField.CITY_OR_TOWN))
                .extracting(Setting::value, Setting::number, Setting::type)
                .containsExactly("null", 1L, "CustomerCreated");
        assertThat(blame.get(CustomerField.POSTAL_CODE))
                .extracting(Setting::value, Setting::number)
                .containsExactly("249", 254L);
        assertThat(blame.get(CustomerField.CUSTOMER_STATUS))
                .extracting(Setting::type, Setting::number, Setting::version)
                .containsExactly("CustomerArchived", 256L, 255);
        assertThat(history.blame("mer_two", "cus_a")).isEmpty();
        assertThat(history.blame(MERCHANT, "cus_none")).isEmpty();
    }

    @Test
    void theFeedHasEveryEventOfItsMerchantOnceAndInOrder() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writing = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                writing.add(writers.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        String id = "cus_" + number + "_" + i;
                        if (i % 7 == 0) {
                            store.burnNumbers(1);
                        }
                        store.append(
                                created(id, START, id),
                                created("mer_two", id + "t", START, id),
                                updated(id, START.plusSeconds(1), CustomerField.CITY_OR_TOWN, "x"));
                    }
                    return null;
                }));
            }
            List<ToldEvent> read = new ArrayList<>();
            while (read.size() < 400) {
                boolean allWritten = writing.stream().allMatch(Future::isDone);
                List<ToldEvent> next =
                        feed.read(MERCHANT, new Place(null, read.size()), 37).events();
                assertThat(numbers(next))
                        .isEqualTo(LongStream.rangeClosed(read.size() + 1L, read.size() + next.size())
                                .boxed()
                                .toList());
                read.addAll(next);
                if (next.isEmpty() && allWritten) {
                    break;
                }
            }
            for (Future<?> each : writing) {
                each.get();
            }

            assertThat(read).hasSize(400);
            assertThat(feed.read(MERCHANT, new Place(1, 0), 1_000).events()).isEqualTo(read);
            assertThat(feed.read("mer_three", new Place(null, 0), 10)).isEqualTo(new Page(1, List.of(), 0));
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void whoReadBeyondWhatARollbackKeptIsTold() throws Exception {
        store.append(IntStream.range(0, 6)
                .mapToObj(i -> created(i % 2 == 0 ? MERCHANT : "mer_two", "cus_" + i, START, "r" + i))
                .toArray(LedgerEvent[]::new));
        assertThat(numbers(feed.read(MERCHANT, new Place(1, 1), 10).events())).containsExactly(2L, 3L);
        // Leaves 0 to 3 are kept: two events of this merchant.
        store.execute("INSERT INTO seal.epochs (epoch, origin, public_key, first_size, statement, began_at)"
                + " VALUES (1, 'x', '', 0, '', now()), (2, 'x', '', 4, '', now())"
                + " ON CONFLICT (epoch) DO NOTHING");

        assertThat(feed.read(MERCHANT, new Place(1, 2), 10).epoch()).isEqualTo(2);
        assertThat(numbers(feed.read(MERCHANT, new Place(2, 3), 10).events())).isEmpty();
        assertThat(numbers(feed.read(MERCHANT, new Place(null, 2), 10).events()))
                .containsExactly(3L);
        assertThatThrownBy(() -> feed.read(MERCHANT, new Place(1, 3), 10))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("from number 3 on")
                .hasMessageContaining("2-2");
        assertThatThrownBy(() -> feed.read(MERCHANT, new Place(3, 1), 10)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> feed.read("mer_three", new Place(1, 1), 10)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aWaitForNewsEndsWithTheNextEventOfAnyNode() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(feed.read(MERCHANT, new Place(null, 0), 10).events()).hasSize(1);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<List<ToldEvent>> next = reader.submit(() -> {
                List<ToldEvent> found = List.of();
                while (found.isEmpty()) {
                    long before = feed.news();
                    found = feed.read(MERCHANT, new Place(null, 1), 10).events();
                    if (found.isEmpty()) {
                        feed.awaitNews(before, TestNode.PATIENCE.toMillis());
                    }
                }
                return found;
            });
            store.append(created("cus_b", START, "2"));

            await().until(next::isDone);
            assertThat(numbers(next.get())).containsExactly(2L);
        } finally {
            reader.shutdownNow();
        }
    }

    @Test
    void everyReadIsAWalkAlongIndexes() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(all("cus_a")).hasSize(1);
        for (String sql : List.of(HistoryReads.ONWARDS, HistoryReads.BACKWARDS, FeedReads.EVENTS)) {
            assertThat(plan(sql)).contains("Index Scan").doesNotContain("Sort", "Seq Scan", "Bitmap", "Hash");
        }
    }

    private String plan(String sql) throws Exception {
        String statement = sql.replace("_N", "_1")
                .replace("sequence > ?", "sequence > 3")
                .replace("sequence < ?", "sequence < 3")
                .replace("number > ?", "number > 3")
                .replace("LIMIT ?", "LIMIT 5")
                .replace("?", "'x'");
        StringBuilder plan = new StringBuilder();
        try (Connection connection = node.database().query();
                Statement explain = connection.createStatement();
                ResultSet rows = explain.executeQuery("EXPLAIN " + statement)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}

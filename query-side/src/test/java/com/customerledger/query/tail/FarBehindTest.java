package com.customerledger.query.tail;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.JsonText;
import com.customerledger.query.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tail that reads many events at once. */
class FarBehindTest {

    private final TestStore store = new TestStore();
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = store.connect();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private static LedgerEvent[] customers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> created("cus_" + UUID.randomUUID(), START.plusNanos(i * 1_000L), "r" + i))
                .toArray(LedgerEvent[]::new);
    }

    private static List<Object> columns(RecordedEvent event) {
        return List.of(
                event.position(),
                event.id(),
                event.customerId(),
                event.sequence(),
                event.type(),
                event.revision(),
                event.at(),
                event.payload(),
                event.metadata());
    }

    private static List<List<Object>> columns(List<RecordedEvent> events) {
        return events.stream().map(FarBehindTest::columns).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 34, 45, 46, 47, 1_000})
    void readsWhatIsReadOtherwiseAndNeverSplitsATransaction(int eventsMax) throws SQLException {
        for (int size : new int[] {4, 30, 7, 5}) {
            store.append(customers(size));
        }
        Tail tail = new Tail(0);
        List<RecordedEvent> all = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        while (!tail.atEnd()) {
            List<RecordedEvent> events = tail.readMany(connection, eventsMax);
            events.stream()
                    .map(event -> Positions.transaction(event.position()))
                    .distinct()
                    .forEach(numbers::add);
            all.addAll(events);
        }

        assertThat(columns(all)).isEqualTo(columns(new Tail(0).read(connection)));
        assertThat(all).hasSize(46);
        assertThat(numbers).hasSize(4).doesNotHaveDuplicates();
        assertThat(tail.readMany(connection, eventsMax)).isEmpty();
    }

    @Test
    void waitsForATransactionWithASmallerNumber() throws SQLException {
        Tail tail = new Tail(0);
        store.append(created("cus_a", START, "1"));
        try (TestStore.Writer slow = store.new Writer()) {
            slow.append(List.of(created("cus_slow", START, "2")));
            store.append(customers(20));

            assertThat(tail.readMany(connection, 100)).hasSize(1);
            assertThat(tail.held()).isTrue();
            assertThat(tail.readMany(connection, 100)).isEmpty();
            slow.commit();
        }
        List<RecordedEvent> later = new ArrayList<>();
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    later.addAll(tail.readMany(connection, 100));
                    return later.size() == 21;
                });
        assertThat(later.get(0).customerId()).isEqualTo("cus_slow");
        assertThat(tail.held()).isFalse();
    }

    @Test
    void muchTextIsReadInParts() throws SQLException {
        JsonText large = new JsonText("{\"a\":\"" + "x".repeat(Tail.CHARACTERS_MAX / 4) + "\"}");
        store.append(created("cus_a", START, "1"));
        for (int i = 0; i < 6; i++) {
            store.append(updated("cus_a", START, CustomerField.METADATA, large));
        }
        Tail tail = new Tail(0);

        assertThat(tail.readMany(connection, 100)).hasSize(5);
        assertThat(tail.atEnd()).isFalse();
        assertThat(tail.readMany(connection, 100)).hasSize(2);
        assertThat(tail.atEnd()).isTrue();
    }
}

package com.customerledger.query.tail;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.query.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TailTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration FOR_A_WHILE = Duration.ofMillis(150);

    private final TestStore store = new TestStore();
    private final Tail tail = new Tail(0);
    private final List<RecordedEvent> seen = new ArrayList<>();
    private Connection connection;

    TailTest() throws SQLException {
        connection = store.connect();
    }

    @BeforeEach
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    @AfterEach
    void end() throws SQLException {
        connection.close();
    }

    private int read() {
        try {
            List<RecordedEvent> events = tail.read(connection);
            connection.commit();
            seen.addAll(events);
            return events.size();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitSeen(int count) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(SOON)
                .untilAsserted(() -> {
                    read();
                    assertThat(seen).hasSize(count);
                });
    }

    private void staysAtSeen(int count) {
        await().during(FOR_A_WHILE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> read() == 0 && seen.size() == count);
    }

    @Test
    void handsEventsOnInTheStoresOrder() {
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        store.append(updated("cus_a", START, CustomerField.CITY_OR_TOWN, "Durban"));

        assertThat(read()).isEqualTo(3);
        assertThat(seen).extracting(RecordedEvent::customerId).containsExactly("cus_a", "cus_b", "cus_a");
        assertThat(seen).extracting(RecordedEvent::sequence).containsExactly(0, 0, 1);
        assertThat(seen.get(2).at()).isEqualTo(START);
        assertThat(seen.get(2).event()).isEqualTo(updated("cus_a", START, CustomerField.CITY_OR_TOWN, "Durban"));
        assertThat(seen.get(0).cause().requestId()).isEqualTo("req_one");
        assertThat(read()).isZero();
    }

    @Test
    void neverSplitsATransaction() throws SQLException {
        Tail small = new Tail(0, 10);
        for (int size : new int[] {4, 30, 7, 5}) {
            store.append(customers(size));
        }

        List<Integer> sizes = new ArrayList<>();
        for (List<RecordedEvent> events = small.read(connection); !events.isEmpty(); events = small.read(connection)) {
            sizes.add(events.size());
        }
        assertThat(sizes).containsExactly(34, 12);
    }

    @Test
    void aTransactionLargerThanAFetchIsReadWhole() {
        store.append(customers(2_500));
        store.append(customers(1));

        assertThat(read()).isEqualTo(2_501);
    }

    @Test
    void passesNumbersThatWereRolledBack() throws SQLException {
        store.append(created("cus_a", START, "1"));
        try (TestStore.Writer writer = store.new Writer()) {
            writer.append(List.of(created("cus_b", START, "2")));
            writer.rollback();
        }
        store.append(created("cus_c", START, "3"));

        awaitSeen(2);
    }

    @Test
    void waitsForATransactionWithASmallerNumber() throws SQLException {
        store.append(created("cus_a", START, "1"));
        try (TestStore.Writer slow = store.new Writer()) {
            slow.append(List.of(created("cus_slow", START, "2")));
            store.append(created("cus_c", START, "3"));

            awaitSeen(1);
            staysAtSeen(1);
            assertThat(tail.held()).isTrue();

            slow.commit();
            awaitSeen(3);
            assertThat(seen).extracting(RecordedEvent::customerId).containsExactly("cus_a", "cus_slow", "cus_c");
        }
    }

    @Test
    void handsOnWhatStandsBeforeAMissingNumber() throws SQLException {
        try (TestStore.Writer slow = store.new Writer()) {
            store.append(created("cus_a", START, "1"));
            slow.append(List.of(created("cus_slow", START, "2")));
            store.append(created("cus_c", START, "3"));

            assertThat(read()).isEqualTo(1);
            assertThat(tail.held()).isTrue();
            slow.rollback();
            awaitSeen(2);
        }
    }

    @Test
    void passesTheNumberOfATransactionWhoseProcessWasKilled() throws SQLException {
        store.append(created("cus_a", START, "1"));
        try (TestStore.Writer doomed = store.new Writer()) {
            doomed.append(List.of(created("cus_b", START, "2")));
            store.append(created("cus_c", START, "3"));
            awaitSeen(1);

            store.execute("SELECT pg_terminate_backend(" + doomed.backend() + ")");
            awaitSeen(2);
        }
    }

    @Test
    void writersThatBeganAfterTheGapDelayNothing() throws SQLException {
        store.append(created("cus_a", START, "1"));
        store.burnNumbers(1);
        store.append(created("cus_c", START, "3"));
        awaitSeen(2);
        try (TestStore.Writer slow = store.new Writer()) {
            slow.append(List.of(created("cus_slow", START, "4")));
            // Behind it is a gap that it can't own and one that it does.
            store.append(created("cus_e", START, "5"));
            staysAtSeen(2);
            slow.rollback();
            awaitSeen(3);
        }
    }

    @Test
    void aMillionDeadNumbersArePassedAtOnce() throws SQLException {
        store.append(created("cus_a", START, "1"));
        try (Connection owner = store.connectAsOwner()) {
            execute(owner, "SELECT setval('ledger.transaction_number', 1000000)");
        }
        store.append(created("cus_b", START, "2"));
        for (int i = 0; i < 50; i++) {
            store.burnNumbers(1);
            store.append(created("cus_c" + i, START, "3" + i));
        }

        awaitSeen(52);
    }

    @Test
    void foreignTransactionsDelayNothing() throws SQLException {
        store.append(created("cus_a", START, "1"));
        TestStore other = new TestStore();
        try (Connection foreign = store.connectAsOwner();
                Connection snapshot = store.connect();
                TestStore.Writer elsewhere = other.new Writer()) {
            foreign.setAutoCommit(false);
            execute(foreign, "CREATE TABLE ledger.other_work (n integer)");
            execute(foreign, "INSERT INTO ledger.other_work VALUES (1)");
            snapshot.setAutoCommit(false);
            snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            execute(snapshot, "SELECT count(*) FROM ledger.events");
            elsewhere.append(List.of(created("cus_x", START, "1")));
            store.burnNumbers(1);
            store.append(created("cus_b", START, "2"));

            awaitSeen(2);
        }
    }

    @Test
    void anIndexBuildDelaysNothing() throws Exception {
        store.append(created("cus_a", START, "1"));
        try (Connection holder = store.connect();
                Connection builder = store.connectAsOwner()) {
            // The build waits for this older snapshot and holds its own lock on the events meanwhile.
            holder.setAutoCommit(false);
            holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            execute(holder, "SELECT count(*) FROM ledger.events");
            Thread build = new Thread(() -> {
                try {
                    execute(builder, "CREATE INDEX CONCURRENTLY events_by_type ON ledger.events (type)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            build.start();
            await().until(() -> store.query("""
                            SELECT pid FROM pg_locks
                             WHERE relation = 'ledger.events'::regclass AND mode = 'ShareUpdateExclusiveLock' AND granted
                            """), builders -> !builders.isEmpty());
            store.burnNumbers(1);
            store.append(created("cus_b", START, "2"));

            awaitSeen(2);
            holder.rollback();
            build.join();
        }
    }

    @Test
    void goesOnFromAPosition() throws SQLException {
        store.append(customers(3));
        store.append(customers(2));
        assertThat(read()).isEqualTo(5);

        Tail later = new Tail(seen.get(2).position());
        assertThat(later.read(connection))
                .extracting(RecordedEvent::position)
                .containsExactly(seen.get(3).position(), seen.get(4).position());
        assertThat(Positions.transaction(later.position())).isEqualTo(2);
    }

    private static LedgerEvent[] customers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> created("cus_" + UUID.randomUUID(), START, "r"))
                .toArray(LedgerEvent[]::new);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package com.customerledger.query.tail;

import static com.customerledger.query.TestStore.START;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * The short form of the torture: writers of batches and of single events with rollbacks, slow transactions and killed
 * processes, beside transactions that have nothing to do with it.
 */
class TortureTest {

    private static final int WRITERS = 16;
    private static final int CUSTOMERS_PER_WRITER = 3;
    private static final int BATCH = 200;
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final TestStore store = new TestStore();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void nothingIsSkippedNothingComesTwiceAndTransactionsStayWhole() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS + 1);
        List<RecordedEvent> seen = new ArrayList<>();
        List<Long> boundaries = new ArrayList<>();
        try (Connection connection = store.connect();
                Connection foreign = store.connect()) {
            foreign.setAutoCommit(false);
            foreign.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement statement = foreign.createStatement()) {
                statement.execute("SELECT count(*) FROM ledger.events");
            }
            connection.setAutoCommit(false);
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                work.add(writers.submit(() -> write(writer)));
            }
            work.add(writers.submit(this::kill));
            Tail tail = new Tail(0, 500);
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() < end) {
                read(tail, connection, seen, boundaries);
            }
            over.set(true);
            for (Future<?> each : work) {
                each.get(30, TimeUnit.SECONDS);
            }
            List<Long> stored = stored();
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        read(tail, connection, seen, boundaries);
                        return seen.size() >= stored.size();
                    });

            assertThat(seen).extracting(RecordedEvent::position).containsExactlyElementsOf(stored);
            assertThat(stored).hasSizeGreaterThan(1_000);
        } finally {
            writers.shutdownNow();
        }
        assertThat(boundaries).doesNotHaveDuplicates();
        Map<String, Integer> sequences = new HashMap<>();
        for (RecordedEvent event : seen) {
            Integer before = sequences.put(event.customerId(), event.sequence());
            assertThat(before == null || before < event.sequence())
                    .as("order of %s", event.customerId())
                    .isTrue();
        }
    }

    /** Reads once, and notes each number that a read began with: no transaction may be seen in two reads. */
    private static void read(Tail tail, Connection connection, List<RecordedEvent> seen, List<Long> boundaries)
            throws SQLException {
        List<RecordedEvent> events = tail.read(connection);
        connection.commit();
        events.stream()
                .map(event -> Positions.transaction(event.position()))
                .distinct()
                .forEach(boundaries::add);
        seen.addAll(events);
    }

    private List<Long> stored() throws SQLException {
        return store.query("SELECT position FROM ledger.events ORDER BY position").stream()
                .map(Long::valueOf)
                .toList();
    }

    private void write(int writer) {
        Random random = new Random(writer);
        while (!over.get()) {
            try (TestStore.Writer transaction = store.new Writer()) {
                transaction.append(events(writer, random.nextBoolean() ? 1 : BATCH, random));
                if (random.nextInt(20) == 0) {
                    // A slow transaction: everybody else goes on meanwhile.
                    transaction.linger(random.nextInt(200));
                }
                if (random.nextInt(4) == 0) {
                    transaction.rollback();
                } else {
                    transaction.commit();
                }
            } catch (SQLException e) {
                // The killer was here. What matters is what is stored.
                assertThat(e.getSQLState()).matches("57P01|08...");
            }
        }
    }

    private static List<LedgerEvent> events(int writer, int count, Random random) {
        List<LedgerEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String customer = "cus_" + writer + "_" + random.nextInt(CUSTOMERS_PER_WRITER);
            events.add(updated(customer, START, CustomerField.CITY_OR_TOWN, "Town " + i));
        }
        return events;
    }

    private void kill() {
        while (!over.get()) {
            try {
                store.execute("""
                        SELECT pg_sleep(random() / 10);
                        SELECT pg_terminate_backend(pid)
                          FROM pg_locks
                         WHERE relation = 'ledger.events'::regclass AND mode = 'RowExclusiveLock'
                         ORDER BY random()
                         LIMIT 1
                        """);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

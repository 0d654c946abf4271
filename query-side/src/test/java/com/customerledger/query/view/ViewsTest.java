package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.ViewsHealth.ViewHealth;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ViewsTest {

    private static final String KILL_OWNERS = """
            SELECT pg_terminate_backend(pid)
              FROM pg_locks
             WHERE locktype = 'advisory' AND granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;

    private final TestStore store = new TestStore();
    private final Tally tally = new Tally();
    private final TestNode node = new TestNode(store, List.of(tally));

    @AfterEach
    void end() {
        node.close();
    }

    private static void awaitEverything(TestNode node) {
        node.views().freshness().admit(Consistency.STRONG, List.of("tally"));
    }

    private static boolean owns(TestNode node) {
        return node.views().views().stream().anyMatch(ViewHealth::ownedHere);
    }

    private List<@Nullable String> stored() throws SQLException {
        return store.query("SELECT position FROM ledger.events ORDER BY position");
    }

    private List<@Nullable String> tallied() throws SQLException {
        return store.query("SELECT position FROM views.tally_1 ORDER BY place");
    }

    @Test
    void everyEventIsAppliedOnceInOrder() throws SQLException {
        for (int i = 0; i < 20; i++) {
            store.append(created("cus_" + i, START, "r"), updated("cus_" + i, START, CustomerField.EMAIL, null));
        }
        awaitEverything(node);

        assertThat(tallied()).hasSize(40).isEqualTo(stored());
        assertThat(node.views().troubles()).isEmpty();
    }

    @Test
    void aCommitOfThisProcessWakesTheViewsAtOnce() {
        awaitEverything(node);
        await().until(() -> owns(node));
        store.append(created("cus_a", START, "r"));
        node.views().headSignal().committed();
        awaitEverything(node);

        assertThat(node.views()
                        .freshness()
                        .admit(Consistency.EVENTUAL, List.of("tally"))
                        .lagMillis())
                .isZero();
    }

    @Test
    void anotherNodeGoesOnWhenTheOwnersSessionIsKilled() throws SQLException {
        try (TestNode other = new TestNode(store, List.of(new Tally()))) {
            store.append(created("cus_a", START, "r"));
            awaitEverything(other);
            awaitEverything(node);
            for (int i = 0; i < 5; i++) {
                store.execute(KILL_OWNERS);
                store.append(created("cus_b" + i, START, "r"));
                awaitEverything(node);
                awaitEverything(other);
            }
            assertThat(tallied()).isEqualTo(stored());
        }
    }

    @Test
    void withinThreeSecondsAnotherNodeGoesOnWhenTheOwnersProcessIsKilled() throws Exception {
        node.close();
        Process owner = NodeProcess.start(store.database(), NodeProcess.TALLY);
        try {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> !store.query("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
                                    .isEmpty()
                            && tallied().isEmpty());
            try (TestNode other = new TestNode(store, List.of(new Tally()))) {
                store.append(created("cus_a", START, "r"));
                awaitEverything(other);
                assertThat(owns(other)).isFalse();

                owner.destroyForcibly().waitFor();
                store.append(created("cus_b", START, "r"));
                await().atMost(Duration.ofSeconds(3)).until(() -> tallied().size() == 2);
                assertThat(owns(other)).isTrue();
            }
        } finally {
            owner.destroyForcibly().waitFor();
        }
    }

    @Test
    void aStopFreesTheViewsForOtherNodes() throws SQLException {
        await().until(() -> owns(node));
        try (TestNode other = new TestNode(store, List.of(new Tally()))) {
            awaitEverything(other);
            assertThat(owns(other)).isFalse();
            node.close();
            await().atMost(Duration.ofSeconds(3)).until(() -> owns(other));
            store.append(created("cus_a", START, "r"));
            awaitEverything(other);
            assertThat(tallied()).isEqualTo(stored());
        }
    }

    @Test
    void everyConnectionMayBeLost() throws SQLException {
        store.append(created("cus_a", START, "r"));
        awaitEverything(node);
        store.execute("""
                SELECT pg_terminate_backend(pid)
                  FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                """);
        store.append(created("cus_b", START, "r"));
        await().ignoreExceptionsInstanceOf(UnavailableException.class).untilAsserted(() -> awaitEverything(node));
        await().until(() -> node.views().troubles().isEmpty());

        assertThat(tallied()).isEqualTo(stored());
    }

    @Test
    void whatACrashTookBackOfAViewIsAwaitedAgain() throws SQLException {
        store.append(created("cus_a", START, "r"));
        awaitEverything(node);
        // As PostgreSQL is after a crash: the view's last commit did not wait for the disk, and its sessions are gone.
        store.execute("DELETE FROM views.tally_1; UPDATE views.positions SET position = 0;" + KILL_OWNERS);
        awaitEverything(node);

        assertThat(tallied()).isEqualTo(stored());
    }

    @Test
    void underFireEveryEventIsAppliedOnceAndTransactionsAreSeenWhole() throws Exception {
        int group = 7;
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService others = Executors.newFixedThreadPool(4);
        try (TestNode other = new TestNode(store, List.of(new Tally()))) {
            awaitEverything(node);
            awaitEverything(other);
            List<Future<?>> work = IntStream.range(0, 3)
                    .<Future<?>>mapToObj(writer -> others.submit(() -> {
                        for (int i = 0; !over.get(); i++) {
                            int batch = i;
                            store.append(IntStream.range(0, group)
                                    .mapToObj(place -> created("cus_" + writer + "_" + batch + "_" + place, START, "r"))
                                    .toArray(LedgerEvent[]::new));
                        }
                    }))
                    .toList();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            while (System.nanoTime() < end) {
                store.execute("SELECT pg_sleep(random() / 5)");
                store.execute(KILL_OWNERS);
                assertThat(tallied().size() % group).isZero();
            }
            over.set(true);
            for (Future<?> each : work) {
                each.get(30, TimeUnit.SECONDS);
            }
            awaitEverything(node);
            awaitEverything(other);

            assertThat(tallied()).isEqualTo(stored());
            assertThat(stored()).hasSizeGreaterThan(10 * group);
        } finally {
            over.set(true);
            others.shutdownNow();
        }
    }

    @Test
    void anEventOfANewerVersionStopsTheViewBeforeItsTransaction() throws SQLException {
        awaitEverything(node);
        store.append(created("cus_a", START, "r"), created("cus_b", START, "r"));
        try (TestStore.Writer newer = store.new Writer()) {
            newer.append(List.of(created("cus_c", START, "r")));
            newer.appendOfType("CustomerMerged", "cus_c");
            newer.commit();
        }
        store.append(created("cus_d", START, "r"));

        await().until(() -> tallied().size() == 2);
        await().until(
                        () -> node.views().troubles(),
                        troubles -> troubles.equals(List.of("tally generation 1 stands still: UnknownEventException")));
        assertThat(tallied()).hasSize(2);
        // A node that knows the event must be able to take over.
        await().until(() -> store.query("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
                .isEmpty());
    }

    @Test
    void aViewThatFailsIsTriedAgainAndAgain() throws SQLException {
        awaitEverything(node);
        tally.failure.set(new UnavailableException("on purpose", null));
        store.append(created("cus_a", START, "r"));
        await().until(() -> !node.views().troubles().isEmpty());
        assertThat(tallied()).isEmpty();

        tally.failure.set(null);
        awaitEverything(node);
        assertThat(tallied()).isEqualTo(stored());
        await().until(() -> node.views().troubles().isEmpty());
    }

    @Test
    void aViewThatIsBehindAndStandsStillIsTroubleUntilItMovesAndSaidOnce() throws SQLException {
        awaitEverything(node);
        node.close();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger watcher = (Logger) LoggerFactory.getLogger(Watcher.class);
        watcher.addAppender(log);
        QueryDatabase database = new QueryDatabase(store.database(), 4, 2, TestNode.PATIENCE);
        Views views = new Views(
                database,
                () -> {},
                List.of(tally),
                TestNode.ZONE,
                Duration.ofMillis(25),
                TestNode.PATIENCE,
                Duration.ofSeconds(1));
        views.start();
        try (Connection holder = store.connect();
                Statement statement = holder.createStatement()) {
            store.append(created("cus_a", START, "r"));
            views.freshness().admit(Consistency.STRONG, List.of("tally"));
            holder.setAutoCommit(false);
            statement.execute("SELECT FROM views.positions FOR UPDATE");
            store.append(created("cus_b", START, "r"));

            List<String> trouble = List.of("tally generation 1 is behind and has not moved for 1 s");
            await().until(views::troubles, trouble::equals);
            for (int i = 0; i < 20; i++) {
                // The lag grows, second after second, and the trouble stays the same.
                store.append(created("cus_c" + i, START, "r"));
            }
            await().during(Duration.ofMillis(1_500)).until(views::troubles, trouble::equals);

            holder.rollback();
            views.freshness().admit(Consistency.STRONG, List.of("tally"));
            await().until(() -> views.troubles().isEmpty());
            assertThat(tallied()).isEqualTo(stored());
            assertThat(log.list)
                    .filteredOn(each -> each.getLevel() == Level.WARN)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isEqualTo(trouble);
        } finally {
            views.stop();
            database.close();
            watcher.detachAppender(log);
        }
    }

    @Test
    void aViewWhoseTablesCannotBeMadeStopsNoOther() throws SQLException {
        node.close();
        try (TestNode both = new TestNode(store, List.of(new Tally(), faulty()))) {
            store.append(created("cus_a", START, "r"));
            awaitEverything(both);

            assertThat(tallied()).isEqualTo(stored());
            assertThat(both.views().troubles()).containsExactly("faulty can't be made: SQLSTATE 42601");
            assertThatThrownBy(() -> both.views().freshness().admit(Consistency.EVENTUAL, List.of("faulty")))
                    .isInstanceOf(UnavailableException.class);
        }
    }

    /** A view with a mistake in its SQL. */
    private static View faulty() {
        return new View() {
            @Override
            public String name() {
                return "faulty";
            }

            @Override
            public int revision() {
                return 1;
            }

            @Override
            public String tables() {
                return "CREATE TABEL views.faulty_N (n integer)";
            }

            @Override
            public Projection projection(Generation generation) {
                return (connection, events) -> {};
            }
        };
    }

    @Test
    void twoClassesOfOneRevisionAreAMistake() {
        assertThatThrownBy(() -> new KnownViews(List.of(new Tally(), new Tally())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tally in revision 1");
    }

    @Test
    void onlyNamesOfTheViewGetTheGenerationsNumber() {
        assertThat(Generation.sql(
                        "SELECT FROM views.payments_N, views.payments_by_age_N, views.customer_list_N, payments_NN",
                        "payments",
                        12))
                .isEqualTo(
                        "SELECT FROM views.payments_12, views.payments_by_age_12, views.customer_list_N, payments_NN");
    }
}

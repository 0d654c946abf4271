package com.customerledger.command.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.customerledger.command.TestLedger;
import com.customerledger.command.store.RememberedStates.Remembered;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Personal;
import com.customerledger.events.Positions;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Groups whose members wait where the test wants them to. */
class AppendGroupsTest {

    private static final String MERCHANT = "mer_one";
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final long FOR_EVER_MS = 60_000;

    /** More than ever wait here: all of them are the group after the one that stands still. */
    private static final int NEVER = Integer.MAX_VALUE;

    private static final long BOUND_MS = 30_000;

    private final List<Sender> all = new ArrayList<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private TestLedger ledger;
    private Connection blocker;
    private JdbcTemplate application;

    @BeforeEach
    void open(@TempDir Path directory) throws SQLException {
        ledger = new TestLedger(directory);
        application = new JdbcTemplate(new DriverManagerDataSource(
                ledger.access().jdbcUrl(),
                ledger.access().application().user(),
                ledger.access().application().password()));
        blocker = ledger.connect();
        blocker.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        blocker.close();
        all.forEach(Sender::join);
        watch.shutdownNow();
        ledger.close();
    }

    /** A command's thread with a connection of its own. */
    private final class Sender {

        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Connection connection;
        private final Thread thread;

        Sender(AppendGroups groups, String customerId, String reference) throws SQLException {
            this(groups, append(customerId, reference));
        }

        Sender(AppendGroups groups, Append append) throws SQLException {
            connection = ledger.connect();
            thread = new Thread(() -> failure.set(catchThrowable(() -> {
                try (connection) {
                    groups.append(append, connection);
                }
            })));
            thread.start();
            all.add(this);
        }

        /** Why it failed, or null, once it has ended. */
        @Nullable Throwable join() {
            await().until(() -> !thread.isAlive());
            return failure.get();
        }

        void awaitsItsTurn() {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
    }

    private Append append(String customerId, String reference) {
        CustomerCreated created = new CustomerCreated(
                customerId,
                MERCHANT,
                AT,
                new Personal(FieldChanges.of(Map.of(CustomerField.REFERENCE, reference)), null, null));
        return append(created, 0, List.of(new Append.Claim(MERCHANT, reference, customerId)), Map.of());
    }

    /** A change of a customer that was decided on what is remembered of it. */
    private Append change(String customerId, String rememberedEvent) {
        CustomerUpdated updated =
                new CustomerUpdated(customerId, MERCHANT, AT, new Personal(FieldChanges.none(), null, null));
        Remembered remembered = new Remembered(rememberedEvent, 0, AT, () -> 1);
        return append(updated, 1, List.of(), Map.of(customerId, remembered));
    }

    private Append append(
            LedgerEvent payload, int sequence, List<Append.Claim> claims, Map<String, Remembered> recalled) {
        GenericDomainEventMessage<LedgerEvent> event = new GenericDomainEventMessage<>(
                "Customer",
                payload.customerId(),
                sequence,
                payload,
                Map.of(CommandCause.METADATA_KEY, new EventMetadata("key_one", "req_one", null)));
        DefaultUnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(event);
        try {
            WriteDeadline.begin(Clock.systemUTC(), watch, BOUND_MS);
            return Append.of(List.of(event), claims, recalled, WriteDeadline.current());
        } finally {
            unit.rollback();
        }
    }

    /** Lets one group stand still until the blocker's transaction ends. */
    private Sender block(AppendGroups groups) throws SQLException {
        try (Statement statement = blocker.createStatement()) {
            statement.execute("INSERT INTO ledger.reference_claims VALUES ('" + MERCHANT + "', 'held', 'cus_other')");
        }
        Sender blocked = new Sender(groups, "cus_held", "held");
        await().until(() -> standingStill() == 1);
        return blocked;
    }

    /** How many statements wait for another's lock. */
    private long standingStill() {
        return application.queryForList("""
                        SELECT pid FROM pg_stat_activity
                         WHERE wait_event_type = 'Lock' AND datname = current_database()
                        """, Integer.class).size();
    }

    private Sender waiting(AppendGroups groups, String customerId, String reference) throws SQLException {
        return waiting(groups, append(customerId, reference));
    }

    private Sender waiting(AppendGroups groups, Append append) throws SQLException {
        Sender sender = new Sender(groups, append);
        sender.awaitsItsTurn();
        return sender;
    }

    private List<String> stored() {
        return ledger.owner()
                .queryForList("SELECT aggregate_id FROM ledger.events ORDER BY aggregate_id", String.class);
    }

    @Test
    void thoseWhoWaitAppendTogetherInTheOrderOfTheirCustomers() throws Exception {
        AppendGroups groups = new AppendGroups(FOR_EVER_MS, NEVER);
        block(groups);
        List<Sender> senders = new ArrayList<>();
        for (String id : List.of("cus_c", "cus_a", "cus_d", "cus_b")) {
            senders.add(waiting(groups, id, "reference of " + id));
        }
        blocker.rollback();

        assertThat(senders).allSatisfy(sender -> assertThat(sender.join()).isNull());
        List<Long> positions = ledger.owner()
                .queryForList(
                        "SELECT position FROM ledger.events WHERE aggregate_id NOT LIKE 'cus_held%' ORDER BY aggregate_id",
                        Long.class);
        assertThat(positions).hasSize(4).isSorted();
        assertThat(positions.stream().map(Positions::transaction).distinct()).hasSize(4);
        assertThat(positions).allMatch(each -> each == Positions.of(Positions.transaction(each), 0));
        // The server's own number of the transaction that made the row.
        assertThat(ledger.owner()
                        .queryForList(
                                "SELECT DISTINCT xmin::text FROM ledger.events WHERE aggregate_id NOT LIKE 'cus_held%'",
                                String.class))
                .hasSize(1);
        assertThat(ledger.owner().queryForList("SELECT reference FROM ledger.reference_claims", String.class))
                .hasSize(5);
    }

    @Test
    void enoughOfThemDoNotWaitForTheFirstGroup() throws Exception {
        AppendGroups groups = new AppendGroups(FOR_EVER_MS, AppendGroups.SECOND_MIN);
        Sender blocked = block(groups);
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < AppendGroups.SECOND_MIN; i++) {
            senders.add(new Sender(groups, "cus_" + i, "reference " + i));
        }

        assertThat(senders).allSatisfy(sender -> assertThat(sender.join()).isNull());
        assertThat(blocked.thread.isAlive()).isTrue();
        assertThat(stored()).hasSize(AppendGroups.SECOND_MIN);
    }

    @Test
    void whatIsRefusedOfAGroupFailsAloneAndTheOthersSucceed() throws Exception {
        AppendGroups groups = new AppendGroups(FOR_EVER_MS, NEVER);
        Sender blocked = block(groups);
        Sender first = waiting(groups, "cus_a", "one");
        Sender taker = waiting(groups, "cus_b", "two");
        Sender same = waiting(groups, "cus_c", "two");
        Sender last = waiting(groups, "cus_d", "three");
        blocker.commit();

        assertThat(first.join()).isNull();
        assertThat(last.join()).isNull();
        List<@Nullable Throwable> both = new ArrayList<>();
        both.add(taker.join());
        both.add(same.join());
        assertThat(both).filteredOn(each -> each == null).hasSize(1);
        assertThat(both)
                .filteredOn(each -> each instanceof ReferencesTakenException)
                .hasSize(1);
        assertThat(blocked.join()).isInstanceOf(ReferencesTakenException.class);
        assertThat(stored()).hasSize(3).contains("cus_a", "cus_d");
    }

    @Test
    void whoseStateIsNotTheNewestFailsAloneAndTheOthersSucceed() throws Exception {
        AppendGroups groups = new AppendGroups(FOR_EVER_MS, NEVER);
        assertThat(new Sender(groups, "cus_a", "one").join()).isNull();
        assertThat(new Sender(groups, "cus_b", "two").join()).isNull();
        String right = ledger.owner()
                .queryForObject("SELECT event_id::text FROM ledger.events WHERE aggregate_id = 'cus_b'", String.class);
        block(groups);
        Sender wrong = waiting(groups, change("cus_a", "00000000-0000-0000-0000-000000000000"));
        Sender nothing = waiting(groups, change("cus_nobody", "00000000-0000-0000-0000-000000000000"));
        Sender newest = waiting(groups, change("cus_b", Objects.requireNonNull(right)));
        Sender creating = waiting(groups, "cus_c", "three");
        blocker.rollback();

        assertThat(newest.join()).isNull();
        assertThat(creating.join()).isNull();
        assertThat(wrong.join()).isInstanceOf(OptimisticLockingFailureException.class);
        assertThat(nothing.join()).isInstanceOf(OptimisticLockingFailureException.class);
        assertThat(stored()).containsExactly("cus_a", "cus_b", "cus_b", "cus_c", "cus_held");
    }

    @Test
    void aGroupWhoseConnectionIsLostFailsAsAWholeAndTheNextGoesOn() throws Exception {
        AppendGroups groups = new AppendGroups(FOR_EVER_MS, NEVER);
        Sender blocked = block(groups);
        try (Statement statement = blocker.createStatement()) {
            statement.execute("INSERT INTO ledger.reference_claims VALUES ('" + MERCHANT + "', 'two', 'cus_other')");
        }
        Sender leader = waiting(groups, "cus_a", "one");
        Sender member = waiting(groups, "cus_b", "two");
        // Those two are the next group, and wait for the claim of the second.
        blocked.connection.unwrap(PGConnection.class).cancelQuery();
        await().until(() -> leader.thread.getState() != Thread.State.TIMED_WAITING);
        await().until(() -> standingStill() == 1);
        Sender next = waiting(groups, "cus_c", "three");
        leader.connection.abort(Runnable::run);

        for (Sender lost : List.of(leader, member)) {
            assertThat(lost.join())
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).startsWith("08"));
        }
        assertThat(next.join()).isNull();
        assertThat(stored()).contains("cus_c");
    }

    @Test
    void nobodyWaitsLongForAGroupThatStandsStill() throws Exception {
        AppendGroups groups = new AppendGroups(AppendGroups.PATIENCE_MS, NEVER);
        Sender blocked = block(groups);

        assertThat(new Sender(groups, "cus_a", "one").join()).isNull();
        assertThat(blocked.thread.isAlive()).isTrue();
        assertThat(stored()).containsExactly("cus_a");
    }
}

package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.views.OperationRefusedException;
import com.customerledger.events.views.OperationRefusedException.Reason;
import com.customerledger.events.views.ViewOperations;
import com.customerledger.events.views.ViewOperations.Condition;
import com.customerledger.events.views.ViewOperations.ViewStatus;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.io.File;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Generations under the operators' hands, on a real database. */
class ViewOperationsTest {

    private final TestStore store = new TestStore();
    private final Numbered first = new Numbered(1);
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(TestNode::close);
    }

    private TestNode node(View... views) {
        TestNode node = new TestNode(store, List.of(views));
        nodes.add(node);
        node.views().freshness().admit(Consistency.STRONG, List.of(views[0].name()));
        return node;
    }

    private static LedgerViewOperations operations(View... views) {
        return new LedgerViewOperations(List.of(views));
    }

    private void append(int transactions) {
        for (int i = 0; i < transactions; i++) {
            int batch = i;
            store.append(IntStream.range(0, 20)
                    .mapToObj(place -> created("cus_" + System.nanoTime() + "_" + batch + "_" + place, START, "r"))
                    .toArray(LedgerEvent[]::new));
        }
    }

    private void rebuild(ViewOperations operations) throws InterruptedException {
        operations.rebuild(store.database(), Numbered.NAME, null);
        operations.follow(store.database(), Numbered.NAME, true, filling -> true);
    }

    private static int live(TestNode node) {
        return node.views()
                .freshness()
                .admit(Consistency.STRONG, List.of(Numbered.NAME))
                .generation(Numbered.NAME)
                .number();
    }

    private List<@Nullable String> states() throws SQLException {
        return store.query("SELECT generation || ' ' || state FROM views.generations WHERE view = 'numbered'"
                + " ORDER BY generation");
    }

    private ViewStatus status(ViewOperations operations) {
        return operations.status(store.database()).stream()
                .filter(each -> each.view().equals(Numbered.NAME))
                .findFirst()
                .orElseThrow();
    }

    private static void refused(Reason reason, String message, ThrowingCallable call) {
        assertThatExceptionOfType(OperationRefusedException.class)
                .isThrownBy(call)
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    @Test
    void aRebuiltGenerationIsSwappedInTakenBackAndDropped() throws Exception {
        append(30);
        TestNode node = node(first);
        LedgerViewOperations operations = operations(first);

        rebuild(operations);
        assertThat(states()).containsExactly("1 live", "2 building");
        assertThat(live(node)).isEqualTo(1);
        assertThat(status(operations).condition()).isEqualTo(Condition.READY);
        assertThat(store.query("SELECT indexname FROM pg_indexes WHERE tablename = 'numbered_2'"))
                .contains("numbered_by_revision_2");

        assertThat(operations.swap(store.database(), Numbered.NAME))
                .contains("numbered generation 2 answers now")
                .contains("both hold the same at position")
                .contains("600 rows");
        assertThat(live(node)).isEqualTo(2);
        append(3);
        assertThat(live(node)).isEqualTo(2);

        assertThat(operations.rollback(store.database(), Numbered.NAME)).contains("generation 1 answers again");
        assertThat(live(node)).isEqualTo(1);
        assertThat(store.query("SELECT count(*) FROM views.numbered_1")).containsExactly("660");

        assertThat(operations.drop(store.database(), Numbered.NAME, 2)).isEqualTo("numbered generation 2 is dropped");
        assertThat(states()).containsExactly("1 live");
        assertThat(store.query("SELECT to_regclass('views.numbered_2')")).containsExactly((String) null);
        assertThat(status(operations).condition()).isEqualTo(Condition.LIVE);
    }

    @Test
    void withoutANodeACommandFillsSwapsAndDropsByItself() throws Exception {
        append(30);
        node(first).close();
        LedgerViewOperations operations = operations(first);
        append(5);

        rebuild(operations);
        operations.swap(store.database(), Numbered.NAME);
        operations.drop(store.database(), Numbered.NAME, 1);

        assertThat(states()).containsExactly("2 live");
        assertThat(store.query("SELECT count(*) FROM views.numbered_2")).containsExactly("700");
        assertThat(store.query("SELECT to_regclass('views.numbered_1')")).containsExactly((String) null);
    }

    @Test
    void aCancelledRebuildLeavesNothingAndCanBeBegunAgain() throws Exception {
        append(10);
        node(first);
        LedgerViewOperations operations = operations(first);
        rebuild(operations);

        assertThat(operations.cancel(store.database(), Numbered.NAME)).isEqualTo("numbered generation 2 is dropped");
        assertThat(states()).containsExactly("1 live");
        rebuild(operations);
        assertThat(states()).hasSize(2).contains("1 live");
    }

    @Test
    void aViewThatIsFilledDifferentlyIsNotSwappedIn() throws Exception {
        append(30);
        TestNode node = node(first);
        LedgerViewOperations operations = operations(first);
        first.wrong.set(true);
        rebuild(operations);

        refused(
                Reason.FAULTY_VIEW,
                "which views.numbered_2 lacks",
                () -> operations.swap(store.database(), Numbered.NAME));
        assertThat(live(node)).isEqualTo(1);
        assertThat(states()).containsExactly("1 live", "2 building");
    }

    @Test
    void aChangedRevisionRunsBesideTheOldOneAndIsTakenBack() throws Exception {
        append(10);
        Numbered second = new Numbered(2);
        node(first).close();
        TestNode node = node(first, second);
        LedgerViewOperations operations = operations(first, second);

        rebuild(operations);
        assertThat(operations.swap(store.database(), Numbered.NAME))
                .contains("not compared: revision 2 shares nothing with revision 1");
        append(2);
        assertThat(live(node)).isEqualTo(2);
        assertThat(status(operations).revision()).isEqualTo(2);
        Generation now = node.views()
                .freshness()
                .admit(Consistency.STRONG, List.of(Numbered.NAME))
                .generation(Numbered.NAME);
        assertThat(node.views().freshness().view(now, Numbered.class)).isSameAs(second);
        assertThat(store.query("SELECT DISTINCT revision FROM views.numbered_2"))
                .containsExactly("2");

        operations.rollback(store.database(), Numbered.NAME);
        assertThat(live(node)).isEqualTo(1);
        assertThat(store.query("SELECT count(*) FROM views.numbered_1")).containsExactly("240");
        refused(
                Reason.CONFLICT,
                "of revision 2, which this version of the program does not have",
                () -> operations(first).rollback(store.database(), Numbered.NAME));
    }

    @Test
    void ofTwoRevisionsWhatTheyShareIsComparedAndTheRestIsNamed() throws Exception {
        append(10);
        Numbered second = new Numbered(2, "CREATE TABLE views.numbered_more_N (note text);");
        second.shares.put("views.numbered_N", List.of("position"));
        node(first).close();
        node(first, second);
        LedgerViewOperations operations = operations(first, second);

        rebuild(operations);

        assertThat(operations.swap(store.database(), Numbered.NAME))
                .contains("of what revision 2 shares with revision 1, both hold the same at position")
                .contains("views.numbered_2 (position; 200 rows ")
                .endsWith("; not compared: of revision 1 views.numbered_1 (revision),"
                        + " of revision 2 views.numbered_2 (revision), views.numbered_more_2 (note)");
    }

    @Test
    void aRevisionThatDiffersInWhatItSharesIsNotSwappedIn() throws Exception {
        append(10);
        Numbered second = new Numbered(2);
        node(first).close();
        TestNode node = node(first, second);
        LedgerViewOperations operations = operations(first, second);
        second.wrong.set(true);
        rebuild(operations);

        second.shares.put("views.numbered_N", List.of("position"));
        refused(
                Reason.FAULTY_VIEW,
                ", which views.numbered_2 lacks",
                () -> operations.swap(store.database(), Numbered.NAME));
        // Ordered by what is compared when that is not the key.
        second.shares.put("views.numbered_N", List.of("revision"));
        refused(
                Reason.FAULTY_VIEW,
                "views.numbered_1 has {\"of_live\":true,\"revision\":1}",
                () -> operations.swap(store.database(), Numbered.NAME));
        second.shares.put("views.numbered_N", List.of("position", "colour"));
        refused(
                Reason.FAULTY_VIEW,
                "share the columns [position, colour] of views.numbered_1, which has [position, revision]",
                () -> operations.swap(store.database(), Numbered.NAME));
        assertThat(live(node)).isEqualTo(1);
        assertThat(states()).containsExactly("1 live", "2 building");
    }

    @Test
    void whatCanNotBeDoneIsSaidAndChangesNothing() throws Exception {
        append(3);
        node(first);
        LedgerViewOperations operations = operations(first, new Eternal());

        refused(Reason.UNKNOWN, "no view nothing", () -> operations.rebuild(store.database(), "nothing", null));
        refused(Reason.UNKNOWN, "no view nothing", () -> operations.swap(store.database(), "nothing"));
        refused(Reason.UNKNOWN, "no view nothing", () -> operations.rollback(store.database(), "nothing"));
        refused(Reason.UNKNOWN, "no view nothing", () -> operations.cancel(store.database(), "nothing"));
        refused(Reason.UNKNOWN, "no view nothing", () -> operations.drop(store.database(), "nothing", 1));
        refused(Reason.UNKNOWN, "no generation 7", () -> operations.drop(store.database(), Numbered.NAME, 7));
        refused(Reason.CONFLICT, "not being rebuilt", () -> operations.swap(store.database(), Numbered.NAME));
        refused(Reason.CONFLICT, "not being rebuilt", () -> operations.cancel(store.database(), Numbered.NAME));
        refused(Reason.CONFLICT, "no former generation", () -> operations.rollback(store.database(), Numbered.NAME));
        refused(Reason.CONFLICT, "answers queries", () -> operations.drop(store.database(), Numbered.NAME, 1));
        refused(Reason.CONFLICT, "for ever", () -> operations.rebuild(store.database(), "eternal", null));
        refused(Reason.CONFLICT, "for ever", () -> operations.drop(store.database(), "eternal", 1));
        rebuild(operations);
        refused(
                Reason.CONFLICT,
                "being rebuilt already, as generation 2",
                () -> operations.rebuild(store.database(), Numbered.NAME, null));
        refused(Reason.CONFLICT, "cancel gives it up", () -> operations.drop(store.database(), Numbered.NAME, 2));
        assertThat(states()).containsExactly("1 live", "2 building");
    }

    @Test
    void aSwapBeforeItHasCaughtUpIsRefused() throws Exception {
        append(60);
        node(first).close();
        LedgerViewOperations operations = operations(first);
        operations.rebuild(store.database(), Numbered.NAME, null);

        refused(
                Reason.CONFLICT,
                "has not caught up yet: 1200 events are left and its indexes are to be made",
                () -> operations.swap(store.database(), Numbered.NAME));
    }

    @Test
    void aViewWhoseSqlFailsIsRefusedAndLeavesNothing() throws Exception {
        append(3);
        node(first);
        Numbered faulty = new Numbered(2, "CREATE TABEL views.numbered_more_N (n integer)");

        refused(
                Reason.FAULTY_VIEW,
                "The SQL of the view numbered in revision 2 fails",
                () -> operations(first, faulty).rebuild(store.database(), Numbered.NAME, null));
        assertThat(states()).containsExactly("1 live");
        assertThat(store.query("SELECT to_regclass('views.numbered_2')")).containsExactly((String) null);
    }

    @Test
    void aGenerationThatStandsStillSaysWhyAndStopsNobody() throws Exception {
        append(3);
        TestNode node = node(first);
        LedgerViewOperations operations = operations(first);
        first.failing.set(true);
        operations.rebuild(store.database(), Numbered.NAME, null);

        await().until(() -> status(operations).condition() == Condition.REBUILD_STALLED);
        assertThat(status(operations).trouble()).isEqualTo("numbered generation 2 stands still: UnavailableException");
        refused(Reason.CONFLICT, "stands still", () -> operations.swap(store.database(), Numbered.NAME));
        append(1);
        assertThat(live(node)).isEqualTo(1);
        assertThat(node.views().troubles()).isEmpty();

        first.failing.set(false);
        await().until(() -> status(operations).condition() == Condition.READY);
    }

    @Test
    void aViewThatWasRemovedFromTheProgramIsToldAndDropped() throws Exception {
        append(3);
        node(first).close();
        LedgerViewOperations operations = operations(new Tally());

        assertThat(status(operations).condition()).isEqualTo(Condition.UNKNOWN);
        refused(
                Reason.CONFLICT,
                "no view numbered any more, only its tables stand",
                () -> operations.rebuild(store.database(), Numbered.NAME, null));
        assertThat(operations.drop(store.database(), Numbered.NAME, 1)).isEqualTo("numbered generation 1 is dropped");
        assertThat(states()).isEmpty();
        assertThat(store.query("SELECT to_regclass('views.numbered_1')")).containsExactly((String) null);
    }

    @Test
    void noReadFailsOrIsStaleWhileGenerationsComeAndGo() throws Exception {
        append(100);
        Numbered second = new Numbered(2);
        TestNode node = node(first);
        nodes.add(new TestNode(store, List.of(first, second)));
        LedgerViewOperations operations = operations(first);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        ExecutorService others = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> work = new ArrayList<>();
            work.add(others.submit(() -> {
                while (!over.get()) {
                    append(1);
                    node.views().headSignal().committed();
                }
                return null;
            }));
            for (int i = 0; i < 2; i++) {
                work.add(others.submit(() -> {
                    Questions questions = new Questions(node.views().freshness());
                    while (!over.get()) {
                        long written = count("ledger.events");
                        long read = questions.ask(
                                Consistency.STRONG,
                                List.of(Numbered.NAME),
                                admission -> count(
                                        admission.generation(Numbered.NAME).sql("views.numbered_N")));
                        assertThat(read).isGreaterThanOrEqualTo(written);
                        assertThat(read % 20).isZero();
                        reads.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (int round = 0; round < 2; round++) {
                rebuild(operations);
                operations.swap(store.database(), Numbered.NAME);
                operations.rollback(store.database(), Numbered.NAME);
                operations.rollback(store.database(), Numbered.NAME);
                List<@Nullable String> former = store.query(
                        "SELECT generation FROM views.generations WHERE view = 'numbered' AND state = 'former'");
                assertThat(operations.drop(
                                store.database(), Numbered.NAME, Integer.parseInt(String.valueOf(former.get(0)))))
                        .isNotEmpty();
            }
            over.set(true);
            for (Future<?> each : work) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(reads.get()).isGreaterThan(20);
            assertThat(live(node)).isEqualTo(3);
            assertThat(count("views.numbered_3")).isEqualTo(count("ledger.events"));
        } finally {
            over.set(true);
            others.shutdownNow();
        }
    }

    private long count(String table) throws SQLException {
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aReaderInFlightHoldsUpNobodyAndKeepsItsTables() throws Exception {
        append(10);
        TestNode node = node(first);
        LedgerViewOperations operations = operations(first);
        rebuild(operations);
        try (Connection reader = store.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM views.numbered_1")) {
                row.next();
                operations.swap(store.database(), Numbered.NAME);
                assertThat(operations.drop(store.database(), Numbered.NAME, 1)).contains("is retired");
            }
            assertThat(live(node)).isEqualTo(2);
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM views.numbered_1")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(200);
            }
            reader.rollback();
        }
        await().until(() -> states().size() == 1);
    }

    @Test
    void aRebuildSurvivesTheDeathOfItsProcessAndGoesOnWhereItWas() throws Exception {
        append(2_000);
        node(first).close();
        LedgerViewOperations operations = operations(first);
        Process killed = NodeProcess.start(store.database(), NodeProcess.NUMBERED);
        int kills = 0;
        try {
            operations.rebuild(store.database(), Numbered.NAME, 1);
            for (long seen = 0; kills < 2; kills++) {
                long before = seen;
                await().until(() -> count("views.numbered_2") > before);
                killed.destroyForcibly().waitFor();
                seen = count("views.numbered_2");
                if (kills == 1) {
                    // It was slow to be killed in the middle; what is left need not be.
                    store.execute("UPDATE views.generations SET max_p99_ms = NULL WHERE generation = 2");
                }
                killed = NodeProcess.start(store.database(), NodeProcess.NUMBERED);
            }
            operations.follow(store.database(), Numbered.NAME, false, filling -> true);
            assertThat(operations.swap(store.database(), Numbered.NAME)).contains("both hold the same");
            assertThat(count("views.numbered_2")).isEqualTo(40_000);
        } finally {
            killed.destroyForcibly().waitFor();
        }
    }

    @Test
    void commandsAreGivenTimeWhileAGenerationIsFilled() throws Exception {
        append(200);
        node(first);
        LedgerViewOperations operations = operations(first);
        operations.rebuild(store.database(), Numbered.NAME, 500);
        operations.follow(store.database(), Numbered.NAME, true, filling -> true);

        assertThat(store.query("SELECT max_p99_ms FROM views.generations WHERE generation = 2"))
                .containsExactly("500");
        assertThat(operations.swap(store.database(), Numbered.NAME)).contains("both hold the same");
    }

    @Test
    void theServiceKnowsEveryView() {
        assertThat(new File("src/main/resources/META-INF/services/" + ViewOperations.class.getName()))
                .exists();
        assertThat(FoundViews.all().stream().map(View::name))
                .contains("customer_list", "customer_versions", "payments", "seal");
    }

    /** A view that is not to be made anew. */
    private static final class Eternal implements View {
        @Override
        public String name() {
            return "eternal";
        }

        @Override
        public int revision() {
            return 1;
        }

        @Override
        public String tables() {
            return "";
        }

        @Override
        public boolean isForEver() {
            return true;
        }

        @Override
        public Projection projection(Generation generation) {
            return (connection, events) -> {};
        }
    }
}

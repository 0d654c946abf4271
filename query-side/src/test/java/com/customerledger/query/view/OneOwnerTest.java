package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.command.database.embedded.DataDirectory;
import com.customerledger.command.database.embedded.EmbeddedPostgres;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.audit.ViewAudit.Certificate;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rebuild with two nodes, of which one after the other fills the generation and never both. */
class OneOwnerTest {

    private static final int EVENTS = 3_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** With a time of commands to hold, a rebuild begins with small batches. */
    private static final int MAX_P99_MS = 10_000;

    private static final String POSITION =
            "SELECT position FROM views.positions JOIN views.generations ON id = generation_id"
                    + " WHERE view = 'numbered' AND generation = 2";

    private static final String OWNERS =
            "SELECT pid FROM pg_locks JOIN views.generations ON objid::bigint = id WHERE locktype = 'advisory' AND granted"
                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    + " AND view = 'numbered' AND generation = 2";

    private static void append(TestStore store) {
        for (int i = 0; i < EVENTS / 50; i++) {
            int batch = i;
            store.append(IntStream.range(0, 50)
                    .mapToObj(place -> created("cus_" + batch + "_" + place, START, "r"))
                    .toArray(LedgerEvent[]::new));
        }
    }

    private static Numbered gated() {
        Numbered view = new Numbered();
        view.gate.set(new Semaphore(1));
        return view;
    }

    private static void open(Numbered view) {
        Semaphore gate = view.gate.getAndSet(null);
        if (gate != null) {
            gate.release();
        }
    }

    private static long position(TestStore store) throws SQLException {
        return Long.parseLong(String.valueOf(store.query(POSITION).get(0)));
    }

    /** Waits until the first batch is written and the second one is not. */
    private static void awaitTheMiddle(TestStore store) {
        await().atMost(PATIENCE).until(() -> position(store) > 0);
    }

    private static void assertComplete(TestStore store, LedgerViewOperations operations) throws Exception {
        operations.follow(store.database(), Numbered.NAME, false, filling -> true);
        assertThat(operations.swap(store.database(), Numbered.NAME)).contains("both hold the same");
        List<Certificate> certificates = new LedgerViewAudit().certify(store.database(), position -> {});
        assertThat(certificates)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.findings()).isEmpty());
    }

    @Test
    void anotherNodeGoesOnWhereTheOwnerWasThatLostItsSession() throws Exception {
        TestStore store = new TestStore();
        append(store);
        Numbered one = gated();
        Numbered two = gated();
        LedgerViewOperations operations = new LedgerViewOperations(List.of(one));
        try (TestNode first = new TestNode(store, List.of(one));
                TestNode second = new TestNode(store, List.of(two))) {
            try {
                first.views().freshness().admit(Consistency.STRONG, List.of(Numbered.NAME));
                operations.rebuild(store.database(), Numbered.NAME, MAX_P99_MS);
                awaitTheMiddle(store);
                long middle = position(store);
                List<@Nullable String> owners = store.query(OWNERS);
                assertThat(owners).hasSize(1);
                Numbered owner = one.filled.isEmpty() ? two : one;
                Numbered other = owner == one ? two : one;
                assertThat(other.filled).isEmpty();

                // Its thread stands in the middle of a batch, knows of nothing, and wants to write later.
                store.execute("SELECT pg_terminate_backend(" + owners.get(0) + ")");
                open(other);
                await().atMost(PATIENCE).until(() -> other.filled.size() >= 1_000);
                assertThat(store.query(OWNERS)).hasSize(1).doesNotContainAnyElementsOf(owners);
                assertThat(other.filled.get(0)).isGreaterThan(middle);
                open(owner);

                assertComplete(store, operations);
                assertThat(other.filled).hasSizeGreaterThanOrEqualTo(EVENTS - 1_000);
            } finally {
                open(one);
                open(two);
            }
        }
        assertThat(store.query("SELECT count(*) FROM views.numbered_2")).containsExactly(String.valueOf(EVENTS));
    }

    @Test
    void aRebuildGoesOnWhereItWasWhenTheDatabaseIsKilled(@TempDir Path path) throws Exception {
        DataDirectory directory = DataDirectory.openForServe(path);
        try (EmbeddedPostgres postgres = TestPostgres.startAnother(directory)) {
            TestStore store = new TestStore(postgres.access());
            append(store);
            Numbered view = gated();
            LedgerViewOperations operations = new LedgerViewOperations(List.of(view));
            try (TestNode node = new TestNode(store, List.of(view))) {
                try {
                    node.views().freshness().admit(Consistency.STRONG, List.of(Numbered.NAME));
                    operations.rebuild(store.database(), Numbered.NAME, MAX_P99_MS);
                    awaitTheMiddle(store);
                    long middle = position(store);
                    // A view's commit does not wait for the disk; this one does, and everything before it is there too.
                    store.append(created("cus_last", START, "r"));
                    int before = view.filled.size();

                    kill(store);
                    await().atMost(PATIENCE).ignoreExceptions().until(() -> position(store) >= middle);
                    open(view);

                    assertComplete(store, operations);
                    assertThat(view.filled.subList(before, view.filled.size()))
                            .allSatisfy(position -> assertThat(position).isGreaterThan(middle));
                } finally {
                    open(view);
                }
            }
            assertThat(store.query("SELECT count(*) FROM views.numbered_2")).containsExactly("" + (EVENTS + 1));
        } finally {
            directory.close();
        }
    }

    /** Kills the process that all of the server's others descend from; they end by themselves then. */
    private static void kill(TestStore store) throws SQLException {
        long backend = Long.parseLong(String.valueOf(store.query(OWNERS).get(0)));
        ProcessHandle server =
                ProcessHandle.of(backend).flatMap(ProcessHandle::parent).orElseThrow();
        assertThat(server.destroyForcibly()).isTrue();
        await().atMost(PATIENCE).until(() -> !server.isAlive());
    }
}

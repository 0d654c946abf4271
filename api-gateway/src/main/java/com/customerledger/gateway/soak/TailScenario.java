package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.Caller;
import com.customerledger.gateway.stage.Cluster;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writers of large batches and of single events, of which some lose and are rolled back, while a foreign transaction
 * stays open and an index of the event table is built: the views follow without delay, and have every event once in the
 * end.
 */
final class TailScenario {

    private static final int WRITERS = 16;
    private static final int LARGE_WRITERS = 4;
    private static final int LARGE = 1_000;
    private static final int CUSTOMERS_MAX = 60_000;
    private static final int CONTENDED = 4;

    /** If the foreign transaction held the views, they would never come so far: it ends afterwards. */
    private static final Duration CAUGHT_UP_MAX = Duration.ofSeconds(30);

    private final SoakStage stage;
    private final Cluster cluster;
    private final List<Caller> writing;
    private final Caller reading;
    private final String run = "tail-" + Long.toString(System.nanoTime(), 36);
    private final AtomicInteger customers = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger singles = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger putOff = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final GivenUpNumbers givenUp;
    private final Slowest slowest = new Slowest();
    private List<String> contended = List.of();

    private TailScenario(SoakStage stage, Cluster cluster, List<Caller> writing, Caller reading) {
        this.stage = stage;
        this.cluster = cluster;
        this.writing = writing;
        this.reading = reading;
        this.givenUp = new GivenUpNumbers(cluster.database(), stage.random("given up"));
    }

    static void run(SoakStage stage) throws Exception {
        Cluster cluster = stage.cluster();
        Map<String, Node> nodes = cluster.nodes(NodesScenario.NODES);
        String key = cluster.key(Scenario.TAIL.text());
        new TailScenario(
                        stage,
                        cluster,
                        List.of(
                                ConcurrencyScenario.get(nodes, "both").caller(key),
                                ConcurrencyScenario.get(nodes, "command").caller(key)),
                        ConcurrencyScenario.get(nodes, "query").caller(key))
                .torture();
    }

    private void torture() throws Exception {
        contended = writing
                .get(0)
                .postUntilAnswered(
                        "/customers/create", Bodies.create(Bodies.references(run + "-contended", CONTENDED)), run)
                .ok()
                .records()
                .stream()
                .map(Records.Sent::id)
                .toList();
        CountDownLatch held = new CountDownLatch(2);
        try (Crew beside = new Crew(stage)) {
            beside.start("foreign-transaction", () -> holdForeignTransaction(beside, held));
            beside.start("index", () -> buildIndex(held));
            held.await();
            load();
            // Both are still there: whatever they delayed would be missing.
            Slowest end = new Slowest();
            long start = System.nanoTime();
            List<Records.Sent> list = listWhenAnswered();
            end.since(start);
            stage.measure("the views have everything after the load, a foreign transaction still open", end.get());
            int compared = LedgerCheck.listEqualsEvents(cluster.database(), list);
            stage.say("%d customers are what their events amount to".formatted(compared));
            PlayFailure.unless(beside.goesOn(), () -> "the foreign transaction has ended too early");
            beside.stop();
        }
    }

    private void load() throws InterruptedException {
        try (Crew crew = new Crew(stage)) {
            crew.start("given-up-numbers", () -> givenUp.draw(crew));
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                crew.start("writer", () -> write(crew, writer));
            }
            crew.start("reader", () -> {
                while (crew.goesOn()) {
                    timed("/customers/list?limit=1");
                }
            });
            crew.workFor(stage.scale().load());
            // A machine that is slow to warm up gets the time for it.
            crew.workUntil("a large batch of each kind", () -> batches.get() >= LARGE_WRITERS);
            crew.stop();
        }
        stage.measure("slowest read while everything writes", slowest.get());
        stage.say(
                "%d batches of %d, %d single changes, %d refused, %d numbers given up; put off: %d writes, %d of %d reads"
                        .formatted(
                                batches.get(),
                                LARGE,
                                singles.get(),
                                refused.get(),
                                givenUp.count(),
                                putOff.get(),
                                late.get(),
                                reads.get()));
        PlayFailure.unless(singles.get() > 0 && late.get() < reads.get(), () -> "nothing was written or read");
    }

    private List<Records.Sent> listWhenAnswered() throws InterruptedException {
        AtomicReference<List<Records.Sent>> list = new AtomicReference<>(List.of());
        Waiting.until("the views to have everything", CAUGHT_UP_MAX, () -> {
            Reply reply = reading.get("/customers/list?versions=true");
            if (reply.isUnavailable()) {
                return false;
            }
            list.set(reply.ok().records());
            return true;
        });
        return Objects.requireNonNull(list.get());
    }

    /** Writes to a table of its own, with a snapshot of its own, and ends with the load. */
    private void holdForeignTransaction(Crew crew, CountDownLatch held) throws Exception {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS soak");
            statement.execute("CREATE TABLE IF NOT EXISTS soak.foreign_work (at timestamptz)");
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO soak.foreign_work VALUES (now())");
            held.countDown();
            while (crew.goesOn()) {
                statement.execute("SELECT pg_sleep(0.05)");
            }
            connection.commit();
        }
    }

    /** An index that can't be ready before the foreign transaction has ended. */
    private void buildIndex(CountDownLatch held) throws Exception {
        held.countDown();
        held.await();
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE INDEX CONCURRENTLY soak_beside ON ledger.events (occurred_at)");
            statement.execute("DROP INDEX CONCURRENTLY ledger.soak_beside");
        }
    }

    /** Draws numbers as the writers do, and rolls back. */
    private void write(Crew crew, int writer) throws Exception {
        Random random = stage.random("tail writer " + writer);
        List<String> own = new ArrayList<>();
        for (int n = 0; crew.goesOn(); n++) {
            String name = run + "-" + writer + "-" + n;
            Caller node = writing.get(random.nextInt(writing.size()));
            if (writer < LARGE_WRITERS) {
                writeLarge(node, name, own, random);
            } else if (random.nextInt(5) == 0) {
                // From two nodes at once some of these lose, after they have drawn a number, and are tried again.
                if (written(node.post("/customers/update", Bodies.mark(contended, name), null))) {
                    singles.incrementAndGet();
                }
            } else if (random.nextInt(5) == 0) {
                beRefused(node, name);
            } else {
                writeSingle(node, name, n % 10 == 0);
            }
        }
    }

    private void writeSingle(Caller node, String name, boolean readBack) throws Exception {
        Reply reply = node.post("/customers/create", Bodies.create(List.of(name)), null);
        if (written(reply)) {
            customers.incrementAndGet();
            singles.incrementAndGet();
            Records.Sent made = reply.records().get(0);
            if (readBack) {
                timed("/customers/" + made.id())
                        .ifPresent(read -> PlayFailure.unless(
                                made.text().equals(read.records().get(0).text()),
                                () -> "%s is read otherwise than it was answered".formatted(made.id())));
            }
        }
    }

    private void writeLarge(Caller node, String name, List<String> own, Random random) throws Exception {
        if (random.nextInt(4) == 0) {
            beRefused(node, name);
        } else if (own.size() < LARGE || (customers.get() < CUSTOMERS_MAX && random.nextBoolean())) {
            Reply reply = node.post("/customers/create", Bodies.create(Bodies.references(name, LARGE)), null);
            if (written(reply)) {
                customers.addAndGet(LARGE);
                batches.incrementAndGet();
                own.clear();
                reply.records().forEach(each -> own.add(each.id()));
            }
        } else if (written(node.post("/customers/update", Bodies.mark(own, name), null))) {
            batches.incrementAndGet();
        }
        // Whoever writes so much looks what became of it, and does not write faster than it can be read.
        timed("/customers/list?limit=1");
    }

    /** Whether it was: a write that would take longer than it may is put off, which happens on a slow machine. */
    private boolean written(Reply reply) {
        if (reply.isUnavailable()) {
            putOff.incrementAndGet();
            return false;
        }
        return reply.ok().status() == 200;
    }

    private void beRefused(Caller node, String name) throws Exception {
        List<String> references = new ArrayList<>(Bodies.references(name + "-refused", 20));
        references.add(run + "-contended-0");
        Reply reply = node.post("/customers/create", Bodies.create(references), null);
        PlayFailure.unless(
                reply.status() == 409 || reply.isUnavailable(), () -> "409 was promised: %s".formatted(reply));
        refused.incrementAndGet();
    }

    /** Reads; nothing where the views are too far behind, which a machine with too much to do may come to. */
    private Optional<Reply> timed(String target) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Reply reply = reading.get(target);
        slowest.since(start);
        reads.incrementAndGet();
        if (reply.isUnavailable()) {
            late.incrementAndGet();
            return Optional.empty();
        }
        return Optional.of(reply.ok());
    }
}

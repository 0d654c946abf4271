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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A node whose database is down at its start, is lost under load, falls silent, or is killed: it answers 503, comes back
 * by itself, and has acknowledged nothing that is not stored.
 */
final class OutageScenario {

    private static final int WRITERS = 4;
    private static final Duration RECOVERED_MAX = Duration.ofSeconds(60);

    private static final Duration STEADY = Duration.ofMillis(700);

    private final SoakStage stage;
    private final Cluster cluster;
    private final Link link;
    private final Node node;
    private final List<Writer> writers = new ArrayList<>();

    private OutageScenario(SoakStage stage, Cluster cluster, Link link, Node node) {
        this.stage = stage;
        this.cluster = cluster;
        this.link = link;
        this.node = node;
    }

    @FunctionalInterface
    private interface Trouble {
        void happen() throws Exception;
    }

    static void run(SoakStage stage) throws Exception {
        Cluster cluster = stage.cluster();
        Link link = new Link(stage.freePort(), cluster.port());
        stage.closeLater(link);
        Node node = cluster.start("outage", "command,query", link.port());
        OutageScenario scenario = new OutageScenario(stage, cluster, link, node);
        scenario.downAtStart();
        String key = cluster.key(Scenario.OUTAGE.text());
        String payments = cluster.paymentsKey(Scenario.OUTAGE.text());
        String run = Long.toString(System.nanoTime(), 36);
        for (int i = 0; i < WRITERS; i++) {
            String name = "outage-" + run + "-" + i;
            scenario.writers.add(new Writer(name, node.caller(key), node.caller(payments), stage.random(name)));
        }
        for (int i = 0; i < stage.scale().repetitions(); i++) {
            scenario.under("connections are cut and refused", scenario::cut);
            scenario.under("the database falls silent", scenario::silence);
            scenario.under("PostgreSQL is killed elsewhere", scenario::killElsewhere);
        }
        if (stage.scale().whole()) {
            scenario.under("the database moves without a word", scenario::move);
        }
        node.process().terminate(false);
    }

    private Caller caller() {
        return node.caller(cluster.key(Scenario.OUTAGE.text()));
    }

    private void downAtStart() throws Exception {
        node.awaitAnswer();
        Reply read = caller().get("/customers/list");
        PlayFailure.unless(
                read.isUnavailable(), () -> "503 was promised while the database is down: %s".formatted(read));
        Reply write = caller().post("/customers/create", Bodies.create(List.of("nobody")), null);
        PlayFailure.unless(
                write.isUnavailable(), () -> "503 was promised while the database is down: %s".formatted(write));
        PlayFailure.unless(node.process().isAlive(), () -> "the node ended because its database is down");
        link.open();
        stage.measure("a database that was down at start comes up, until the node is up", node.awaitUp());
        caller().get("/customers/list").ok();
    }

    /** Lets trouble happen under load, and sees what became of what was written. */
    private void under(String what, Trouble trouble) throws Exception {
        Slowest slowest = new Slowest();
        try (Crew crew = new Crew(stage)) {
            for (Writer writer : writers) {
                crew.start("writer", () -> writer.writeThrough(crew::goesOn));
            }
            crew.start("reader", () -> {
                while (crew.goesOn()) {
                    read(slowest);
                }
            });
            Duration load = stage.scale().share(stage.scale().repetitions() * 3);
            crew.workFor(load.dividedBy(2));
            trouble.happen();
            stage.measure(what + ", until every call is answered again", awaitSteady());
            crew.workFor(load.dividedBy(2));
            crew.stop();
        }
        stage.measure("slowest answer while " + what, slowest.get());
        List<Records.Sent> list = caller().list();
        Map<String, Records.Sent> rest = new HashMap<>(CrashScenario.byId(list));
        for (Writer writer : writers) {
            writer.repeatLast();
            writer.takeFrom(rest);
        }
        PlayFailure.unless(
                rest.isEmpty(), () -> "%d customers were never acknowledged: %s".formatted(rest.size(), rest.keySet()));
        int customers = LedgerCheck.listEqualsEvents(cluster.database(), list);
        int acknowledged = writers.stream().mapToInt(Writer::acknowledged).sum();
        stage.say("%s: %d acknowledged requests and %d customers are there".formatted(what, acknowledged, customers));
    }

    /**
     * Waits until reads are answered and stay so: pools try a connection that was used a moment ago without a look at it.
     *
     * @return how long it took until the first of them
     */
    private Duration awaitSteady() throws InterruptedException {
        long start = System.nanoTime();
        AtomicReference<@Nullable Duration> first = new AtomicReference<>();
        Waiting.until("steady answers", RECOVERED_MAX, () -> {
            // Pages and whole lists come from different connections.
            if (caller().get("/customers/list?limit=1").status() != 200
                    || caller().get("/customers/list?date_start=2999-01-01").status() != 200) {
                first.set(null);
                return false;
            }
            first.compareAndSet(null, Waiting.since(start));
            Duration steadyFrom = first.get();
            return steadyFrom != null && Waiting.since(start).minus(steadyFrom).compareTo(STEADY) > 0;
        });
        return Objects.requireNonNull(first.get());
    }

    /** Every read is answered, with success or with 503. */
    private void read(Slowest slowest) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Reply reply = caller().get("/customers/list?limit=1");
        PlayFailure.unless(
                reply.status() == 200 || reply.isUnavailable(), () -> "200 or 503 was promised: %s".formatted(reply));
        slowest.since(start);
    }

    private void cut() throws Exception {
        link.close();
        Waiting.until(
                "the node to notice",
                RECOVERED_MAX,
                () -> caller().get("/customers/list?limit=1").isUnavailable());
        link.open();
    }

    private void silence() throws Exception {
        Duration silence = stage.scale().silence();
        link.hold();
        long start = System.nanoTime();
        Waiting.until(
                "the silence to last",
                silence.multipliedBy(2),
                () -> Waiting.since(start).compareTo(silence) > 0);
        link.open();
    }

    private void move() throws Exception {
        link.move();
        long start = System.nanoTime();
        int before = writers.stream().mapToInt(Writer::acknowledged).sum();
        Waiting.until(
                "writes after the database has moved",
                RECOVERED_MAX,
                () -> writers.stream().mapToInt(Writer::acknowledged).sum() > before + WRITERS);
        stage.say("writes go on %d ms after the database has moved"
                .formatted(Waiting.since(start).toMillis()));
        Waiting.until(
                "reads after the database has moved",
                RECOVERED_MAX,
                () -> caller().get("/customers/list?limit=1").status() == 200);
        stage.measure("the database moves without a word, until reads and writes go on", Waiting.since(start));
    }

    private void killElsewhere() throws Exception {
        Optional<ProcessHandle> before = cluster.holder().postmaster();
        cluster.holder().killPostmaster();
        Waiting.until(
                "another PostgreSQL",
                RECOVERED_MAX,
                () -> cluster.holder()
                        .postmaster()
                        .filter(now -> !before.equals(Optional.of(now)))
                        .isPresent());
    }
}

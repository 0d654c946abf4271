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
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Nodes of both roles, of one and of the other on one database: what one writes the others read at once, a batch is seen
 * whole, and when the owner of the views is killed another one goes on.
 */
final class NodesScenario {

    /** Every node, by name its roles. Two write, two answer, and either of those two can own the views. */
    static final Map<String, String> NODES = Map.of("both", "command,query", "command", "command", "query", "query");

    /** How long a view may stand still when its owner is killed. */
    private static final Duration FAILOVER_MAX = Duration.ofSeconds(3);

    /** The same when its owner is stopped, and how long anything else is waited for. */
    private static final Duration STOOD_STILL_MAX = Duration.ofSeconds(30);

    private static final int WRITERS = 3;
    private static final int BATCH = 200;

    private final SoakStage stage;
    private final Cluster cluster;
    private final String key;
    private final Map<String, Node> nodes;

    private NodesScenario(SoakStage stage, Cluster cluster, Map<String, Node> nodes) {
        this.stage = stage;
        this.cluster = cluster;
        this.key = cluster.key(Scenario.NODES.text());
        this.nodes = nodes;
    }

    static void run(SoakStage stage) throws Exception {
        Cluster cluster = stage.cluster();
        NodesScenario scenario = new NodesScenario(stage, cluster, cluster.nodes(NODES));
        scenario.aNodeRefusesWhatIsNotItsRole();
        scenario.everyNodeReadsWhatAnyWrote();
        for (int i = 0; i < stage.scale().repetitions(); i++) {
            long start = System.nanoTime();
            cluster.nodes(NODES);
            if (i > 0) {
                stage.measure("start of a node on a running database", Waiting.since(start));
            }
            scenario.anotherNodeGoesOnWhenTheOwnerIsKilled();
        }
        if (stage.scale().whole()) {
            scenario.anotherNodeGoesOnWhenTheOwnerStandsStill();
        }
    }

    private Caller at(String node) {
        return node(node).caller(key);
    }

    private void aNodeRefusesWhatIsNotItsRole() throws Exception {
        Reply read = at("command").get("/customers/list");
        PlayFailure.unless(
                read.isUnavailable(), () -> "a node without the role query must answer 503: %s".formatted(read));
        Reply write = at("query").post("/customers/create", Bodies.create(List.of("nobody")), null);
        PlayFailure.unless(
                write.isUnavailable(), () -> "a node without the role command must answer 503: %s".formatted(write));
    }

    private void everyNodeReadsWhatAnyWrote() throws Exception {
        List<Caller> writing = List.of(at("both"), at("command"));
        List<Caller> reading = List.of(at("both"), at("query"));
        String run = "nodes-" + Long.toString(System.nanoTime(), 36);
        List<String> batch = writing
                .get(1)
                .postUntilAnswered(
                        "/customers/create", Bodies.create(Bodies.references(run + "-batch", BATCH)), run + "-batch")
                .ok()
                .records()
                .stream()
                .map(Records.Sent::id)
                .toList();
        Slowest slowest = new Slowest();
        try (Crew crew = new Crew(stage)) {
            for (int i = 0; i < WRITERS; i++) {
                String prefix = run + "-" + i;
                Random random = stage.random(prefix);
                crew.start("write-and-read", () -> {
                    for (int n = 0; crew.goesOn(); n++) {
                        writeAndRead(
                                writing.get(random.nextInt(2)),
                                reading.get(random.nextInt(2)),
                                prefix + "-" + n,
                                slowest);
                    }
                });
            }
            crew.start("batches", () -> {
                for (int n = 0; crew.goesOn(); n++) {
                    writing.get(n % 2)
                            .postUntilAnswered("/customers/update", Bodies.mark(batch, run + "-" + n), run + "-" + n)
                            .ok();
                }
            });
            crew.start("lists", () -> {
                for (int n = 0; crew.goesOn(); n++) {
                    batchIsWhole(reading.get(n % 2), run);
                }
            });
            crew.workFor(stage.scale().load());
            crew.stop();
        }
        stage.measure("slowest read of what another node had just written", slowest.get());
        int customers =
                LedgerCheck.listEqualsEvents(cluster.database(), at("query").list());
        stage.say("%d customers are on every node what their events amount to".formatted(customers));
    }

    private static void writeAndRead(Caller writing, Caller reading, String reference, Slowest slowest)
            throws Exception {
        Records.Sent made = write(writing, reference);
        long start = System.nanoTime();
        Reply read = reading.get("/customers/" + made.id()).ok();
        slowest.since(start);
        PlayFailure.unless(
                made.text().equals(read.records().get(0).text()),
                () -> "written was %s and read was %s".formatted(made.text(), read));
    }

    private static void batchIsWhole(Caller reading, String run) throws Exception {
        List<String> marks = reading.list().stream()
                .filter(each -> each.member("reference").startsWith(run + "-batch-"))
                .map(each -> String.valueOf(each.find(Bodies.MARK)))
                .toList();
        PlayFailure.unless(
                marks.size() == BATCH, () -> "a list has %d of a batch of %d".formatted(marks.size(), BATCH));
        PlayFailure.unless(
                marks.stream().distinct().count() == 1,
                () -> "a list has parts of several batches: %s"
                        .formatted(marks.stream().distinct().toList()));
    }

    private void anotherNodeGoesOnWhenTheOwnerIsKilled() throws Exception {
        Node owner = owner();
        goesOnWithout(
                owner,
                "kill -9 of the views' owner",
                FAILOVER_MAX,
                () -> owner.process().kill());
    }

    /** Stopped, a process keeps its connections: the database has to notice that nothing is heard of it any more. */
    private void anotherNodeGoesOnWhenTheOwnerStandsStill() throws Exception {
        cluster.nodes(NODES);
        Node owner = owner();
        goesOnWithout(
                owner,
                "SIGSTOP of the views' owner",
                STOOD_STILL_MAX,
                () -> owner.process().signal("STOP"));
        owner.process().signal("CONT");
        // It finds out that it owns nothing any more, and answers again.
        Caller again = owner.caller(key);
        Waiting.until(
                "the node that stood still to answer",
                STOOD_STILL_MAX,
                () -> again.get("/customers/list?limit=1").status() == 200);
        LedgerCheck.listEqualsEvents(cluster.database(), again.list());
    }

    private Node owner() throws IOException, InterruptedException {
        Node both = node("both");
        Node query = node("query");
        Waiting.until("a view to have an owner", FAILOVER_MAX, () -> both.ownsList() || query.ownsList());
        return both.ownsList() ? both : query;
    }

    @FunctionalInterface
    private interface Harm {
        void happen() throws IOException, InterruptedException;
    }

    private void goesOnWithout(Node owner, String what, Duration max, Harm harm) throws Exception {
        Caller left = node(owner == node("both") ? "query" : "both").caller(key);
        Caller writing = at("command");
        String run = "failover-" + Long.toString(System.nanoTime(), 36);
        try (Crew crew = new Crew(stage)) {
            crew.start("writer", () -> {
                for (int n = 0; crew.goesOn(); n++) {
                    write(writing, run + "-" + n);
                }
            });
            crew.workFor(Duration.ofMillis(200));
            long start = System.nanoTime();
            harm.happen();
            String id = write(writing, run + "-after").id();
            Waiting.until(
                    "the other node's views to move",
                    STOOD_STILL_MAX,
                    () -> answered(left, "/customers/" + id) && answered(left, "/customers/" + id + "/payments"));
            Duration took = Waiting.since(start);
            stage.measure(what + ", until the other node's views have moved", took);
            PlayFailure.unless(
                    took.compareTo(max) <= 0, () -> "the views stood still for %d ms".formatted(took.toMillis()));
            crew.stop();
        }
        LedgerCheck.listEqualsEvents(cluster.database(), left.list());
    }

    private static Records.Sent write(Caller writing, String reference) throws IOException, InterruptedException {
        return writing.postUntilAnswered("/customers/create", Bodies.create(List.of(reference)), reference)
                .ok()
                .records()
                .get(0);
    }

    private static boolean answered(Caller reading, String target) throws IOException, InterruptedException {
        Reply read = reading.get(target);
        return !read.isUnavailable() && read.ok().status() == 200;
    }

    private Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node is called " + name);
        }
        return node;
    }
}

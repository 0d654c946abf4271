package com.customerledger.gateway.soak;

import com.customerledger.events.customer.Lookup;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that are in each other's way arrive at two nodes at once, so that no lock in a process can help: each is
 * answered with success or with the refusal that it deserves, and never with a deadlock or another error of ours.
 */
final class ConcurrencyScenario {

    private static final int CALLERS = 8;
    private static final int CUSTOMERS = 60;
    private static final Duration TOGETHER_MAX = Duration.ofSeconds(60);

    private final SoakStage stage;
    private final List<Caller> nodes;
    private final List<Caller> platform;
    private final Caller reading;
    private final AtomicInteger putOff = new AtomicInteger();
    private final String run = "con-" + Long.toString(System.nanoTime(), 36);

    private ConcurrencyScenario(SoakStage stage, List<Caller> nodes, List<Caller> platform, Caller reading) {
        this.stage = stage;
        this.nodes = nodes;
        this.platform = platform;
        this.reading = reading;
    }

    static void run(SoakStage stage) throws Exception {
        Cluster cluster = stage.cluster();
        Map<String, Node> nodes = cluster.nodes(NodesScenario.NODES);
        String key = cluster.key(Scenario.CONCURRENCY.text());
        String payments = cluster.paymentsKey(Scenario.CONCURRENCY.text());
        List<Node> writing = List.of(get(nodes, "both"), get(nodes, "command"));
        ConcurrencyScenario scenario = new ConcurrencyScenario(
                stage,
                writing.stream().map(node -> node.caller(key)).toList(),
                writing.stream().map(node -> node.caller(payments)).toList(),
                get(nodes, "query").caller(key));
        Act[] acts = {
            scenario::changesOfOneCustomerAreCountedEachOnce,
            scenario::oneOfThoseThatExpectAVersionWins,
            scenario::oneOfThoseThatWantAReferenceGetsIt,
            scenario::batchesOfTheSameReferencesInOppositeOrdersDoNotLockEachOtherOut,
            scenario::requestsWithOneKeyAreCarriedOutOnce,
            scenario::batchesInOppositeOrdersDoNotLockEachOtherOut,
            scenario::customersCanSwapTheirReferencesWhileOthersDo,
            scenario::noCustomerIsArchivedWhileAPaymentStarts,
        };
        long deadlocks = deadlocks(cluster);
        long start = System.nanoTime();
        int rounds = 0;
        do {
            rounds++;
            for (Act act : acts) {
                act.play(rounds);
            }
        } while (Waiting.since(start).compareTo(stage.scale().load()) < 0);
        int customers = LedgerCheck.listEqualsEvents(cluster.database(), scenario.reading.list());
        long found = deadlocks(cluster) - deadlocks;
        int putOff = scenario.putOff.get();
        stage.say(
                "%d rounds of %d conflicts each, %d calls put off, %d deadlocks; %d customers are what their events amount to"
                        .formatted(rounds, acts.length, putOff, found, customers));
        PlayFailure.unless(putOff == 0 || found == 0, () -> "deadlocks put callers off");
    }

    /** How many the server has broken up so far; whoever lost tries again without its caller's knowledge. */
    private static long deadlocks(Cluster cluster) throws SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }

    static Node get(Map<String, Node> nodes, String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node is called " + name);
        }
        return node;
    }

    @FunctionalInterface
    private interface Act {
        void play(int round) throws Exception;
    }

    /** What one of several callers does at the same moment as the others. */
    @FunctionalInterface
    private interface Call {
        Reply by(int caller, Caller node) throws IOException, InterruptedException;
    }

    /**
     * Lets several call at once, half of them each node. Whoever is put off, as on a slow machine where a write would take
     * longer than it may, calls again.
     *
     * @return their answers in the order of the callers
     */
    private List<Reply> together(Call call) throws InterruptedException {
        Map<Integer, Reply> replies = new ConcurrentSkipListMap<>();
        CyclicBarrier barrier = new CyclicBarrier(CALLERS);
        try (Crew crew = new Crew(stage)) {
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                crew.start("caller", () -> {
                    await(barrier);
                    Waiting.until("an answer", TOGETHER_MAX, () -> {
                        Reply reply = call.by(caller, nodes.get(caller % nodes.size()));
                        if (reply.isUnavailable()) {
                            putOff.incrementAndGet();
                            return false;
                        }
                        PlayFailure.unless(
                                reply.status() < 500, () -> "no server's error was promised: %s".formatted(reply));
                        replies.put(caller, reply);
                        return true;
                    });
                });
            }
            crew.join();
        }
        return List.copyOf(replies.values());
    }

    private static void await(CyclicBarrier barrier)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        barrier.await(TOGETHER_MAX.toSeconds(), TimeUnit.SECONDS);
    }

    private List<Records.Sent> create(String name, int count) throws Exception {
        return nodes.get(0)
                .postUntilAnswered(
                        "/customers/create?versions=true",
                        Bodies.create(Bodies.references(run + name, count)),
                        run + name)
                .ok()
                .records();
    }

    private Records.Sent read(String id) throws Exception {
        return reading.get("/customers/" + id).ok().records().get(0);
    }

    private int version(String id) throws Exception {
        return Integer.parseInt(
                String.valueOf(reading.get("/customers/" + id).ok().header("ETag"))
                        .replaceAll("[^0-9]", ""));
    }

    private void versionIs(int expected, String id) throws Exception {
        int version = version(id);
        PlayFailure.unless(version == expected, () -> "version %d was promised, not %d".formatted(expected, version));
    }

    private String key(String act, int round, int caller) {
        return "%s-%s-%d-%d".formatted(run, act, round, caller);
    }

    private static void allOk(List<Reply> replies) {
        replies.forEach(Reply::ok);
    }

    private static void onlyOne(List<Reply> replies, String what) {
        long won = replies.stream().filter(reply -> reply.status() == 200).count();
        PlayFailure.unless(won == 1, () -> "%d of %d callers %s".formatted(won, replies.size(), what));
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply -> PlayFailure.unless(
                        reply.status() == 409 && reply.hasCode("008"), () -> "409 was promised: %s".formatted(reply)));
    }

    private void changesOfOneCustomerAreCountedEachOnce(int round) throws Exception {
        String id = create("-same-" + round, 1).get(0).id();
        allOk(together((caller, node) ->
                node.post("/customers/update", Bodies.mark(List.of(id), "by " + caller), key("same", round, caller))));
        versionIs(1 + CALLERS, id);
    }

    private void oneOfThoseThatExpectAVersionWins(int round) throws Exception {
        String id = create("-expected-" + round, 1).get(0).id();
        onlyOne(
                together((caller, node) -> node.post(
                        "/customers/update",
                        Bodies.of(List.of(id), turn -> {
                            turn.out().writeStringProperty("id", id);
                            turn.out().writeNumberProperty("if_version", 1);
                            turn.out().writeStringProperty(Bodies.MARK, "by " + caller);
                        }),
                        key("expected", round, caller))),
                "changed version 1");
        versionIs(2, id);
    }

    private void oneOfThoseThatWantAReferenceGetsIt(int round) throws Exception {
        String reference = run + "-wanted-" + round;
        onlyOne(
                together((caller, node) -> node.post(
                        "/customers/create", Bodies.create(List.of(reference)), key("wanted", round, caller))),
                "got the reference");
    }

    private void batchesOfTheSameReferencesInOppositeOrdersDoNotLockEachOtherOut(int round) throws Exception {
        List<String> references = Bodies.references(run + "-all-" + round, CUSTOMERS);
        onlyOne(
                together((caller, node) -> node.post(
                        "/customers/create",
                        Bodies.create(caller % 4 < 2 ? references : reversed(references)),
                        key("all", round, caller))),
                "got all references");
    }

    private void requestsWithOneKeyAreCarriedOutOnce(int round) throws Exception {
        String key = run + "-key-" + round;
        String body = Bodies.create(List.of(key));
        List<Reply> replies = together((caller, node) -> node.post("/customers/create", body, key));
        List<Reply> done =
                replies.stream().filter(reply -> reply.status() == 200).toList();
        PlayFailure.unless(
                done.stream().filter(reply -> !reply.isReplayed()).count() == 1
                        && done.stream()
                                .allMatch(reply ->
                                        Arrays.equals(reply.body(), done.get(0).body())),
                () -> "one request must be carried out and the others get its answer: %s".formatted(replies));
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply ->
                        PlayFailure.unless(reply.status() == 409, () -> "409 was promised: %s".formatted(reply)));
    }

    private void batchesInOppositeOrdersDoNotLockEachOtherOut(int round) throws Exception {
        List<String> ids = create("-batch-" + round, CUSTOMERS).stream()
                .map(Records.Sent::id)
                .toList();
        List<Reply> marked = together((caller, node) -> {
            // The same customers, in both orders, from another beginning each.
            List<String> order = new ArrayList<>(caller % 4 < 2 ? ids : reversed(ids));
            Collections.rotate(order, caller);
            return node.post("/customers/update", Bodies.mark(order, "by " + caller), key("batch", round, caller));
        });
        allOk(marked);
        List<String> marks = new ArrayList<>();
        for (String id : List.of(ids.get(0), ids.get(CUSTOMERS / 2), ids.get(CUSTOMERS - 1))) {
            marks.add(read(id).member(Bodies.MARK));
            versionIs(1 + CALLERS, id);
        }
        PlayFailure.unless(marks.stream().distinct().count() == 1, () -> "batches were mixed up: %s".formatted(marks));
    }

    private void customersCanSwapTheirReferencesWhileOthersDo(int round) throws Exception {
        List<Records.Sent> made = create("-swap-" + round, 10);
        List<String> ids = made.stream().map(Records.Sent::id).toList();
        List<String> references =
                made.stream().map(each -> each.member("reference")).toList();
        Random random = stage.random("swap " + round);
        List<List<String>> wishes = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            List<String> wish = new ArrayList<>(references);
            Collections.shuffle(wish, random);
            wishes.add(wish);
        }
        List<Reply> swapped = together((caller, node) -> {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                order.add(caller % 4 < 2 ? i : ids.size() - 1 - i);
            }
            String body = Bodies.of(order, turn -> {
                turn.out().writeStringProperty("id", ids.get(turn.record()));
                turn.out().writeStringProperty("reference", wishes.get(caller).get(turn.record()));
            });
            return node.post("/customers/update", body, key("swap", round, caller));
        });
        allOk(swapped);
        List<String> after = new ArrayList<>();
        for (String id : ids) {
            after.add(read(id).member("reference"));
        }
        PlayFailure.unless(wishes.contains(after), () -> "nobody wished the references %s".formatted(after));
    }

    private void noCustomerIsArchivedWhileAPaymentStarts(int round) throws Exception {
        String id = create("-paying-" + round, 1).get(0).id();
        AtomicInteger started = new AtomicInteger();
        AtomicInteger archived = new AtomicInteger();
        together((caller, node) -> {
            boolean pays = caller % 4 < 2;
            Reply reply = pays
                    ? platform.get(caller % 2)
                            .post(
                                    "/customers/payments/start",
                                    Bodies.start(run + "-" + round + "-" + caller, id, "EFT"),
                                    null)
                    : node.post("/customers/update", Bodies.status(List.of(id), Lookup.ARCHIVED), null);
            PlayFailure.unless(
                    reply.status() == 200 || (reply.status() == 409 && reply.hasCode("008")),
                    () -> "200 or 409 was promised: %s".formatted(reply));
            if (reply.status() == 200) {
                (pays ? started : archived).incrementAndGet();
            }
            return reply;
        });
        PlayFailure.unless(
                started.get() == 0 || archived.get() == 0,
                () -> "%d payments run for a customer that %d archived".formatted(started.get(), archived.get()));
        int running =
                reading.get("/customers/" + id + "/payments").ok().records().size();
        PlayFailure.unless(
                running == started.get(),
                () -> "%d payments were started and %d run".formatted(started.get(), running));
    }

    private static List<String> reversed(List<String> list) {
        List<String> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }
}

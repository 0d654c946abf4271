package com.customerledger.gateway.soak;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Latencies;
import com.customerledger.gateway.stage.LedgerProcess;
import com.customerledger.gateway.stage.MadeKey;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The list of customers is filled anew while merchants write and read: no request fails and no read is older than what was
 * acknowledged, the new generation holds what the old one does, and it gets there although the ledger and its database are
 * killed on the way.
 */
final class RebuildScenario {

    private static final String VIEW = "customer_list";

    /** The load is about half of what a small machine can do, so that there is something left for the rebuild. */
    private static final int CLERKS = 4;

    private static final int FILLERS = 2;
    private static final int BATCH = 1_000;
    private static final Duration IMPORTED_MAX = Duration.ofMinutes(30);
    private static final Duration READY_MAX = Duration.ofMinutes(30);
    private static final Duration SWAPPED_MAX = Duration.ofMinutes(5);
    private static final Duration RECOVERED_MAX = Duration.ofSeconds(30);

    private static final Duration QUIET_MAX = Duration.ofMinutes(3);
    private static final Duration QUICK = Duration.ofMillis(20);
    private static final int QUICK_COMMITS = 200;

    /** Percents of the way. */
    private static final List<Integer> LEDGER_KILLED_AT = List.of(20, 45);

    private static final int POSTGRES_KILLED_AT = 70;

    private static final Pattern BUILDING = Pattern.compile("\"state\":\"building\",\"percent\":([0-9]+)");

    private final SoakStage stage;
    private final Node node;
    private final String key;
    private final Latencies writes = new Latencies();
    private final Latencies reads = new Latencies();
    private int customers;
    private int crews;

    private RebuildScenario(SoakStage stage, Node node, String key) {
        this.stage = stage;
        this.node = node;
        this.key = key;
    }

    static void run(SoakStage stage) throws Exception {
        Path directory = stage.newDirectory("rebuild");
        Node node = stage.startNode("rebuild", directory);
        node.awaitUp();
        RebuildScenario scenario = new RebuildScenario(stage, node, MadeKey.of(stage, directory, "clerks"));
        scenario.fill();
        scenario.nobodyNoticesARebuild();
        if (stage.scale().whole()) {
            scenario.aRebuildOutlivesKills();
        }
        node.process().terminate(false);
    }

    /** The customers that are there before, of another merchant. */
    private void fill() throws Exception {
        Path file = stage.scale().customers();
        long start = System.nanoTime();
        if (file == null) {
            int batches = stage.scale().whole() ? 100 : 3;
            try (Crew crew = new Crew(stage)) {
                for (int i = 0; i < FILLERS; i++) {
                    int first = i;
                    crew.start("fill", () -> {
                        for (int n = first; n < batches; n += FILLERS) {
                            String name = "fill-" + n;
                            node.demo()
                                    .postUntilAnswered(
                                            "/customers/create", Bodies.create(Bodies.references(name, BATCH)), name)
                                    .ok();
                        }
                    });
                }
                crew.join();
            }
            customers = batches * BATCH;
        } else {
            LedgerProcess imported = stage.launch(
                    "import",
                    List.of("import", file.toAbsolutePath().toString(), "--url", "http://127.0.0.1:" + node.port()),
                    Map.of(),
                    node.directory());
            PlayFailure.unless(
                    imported.awaitEnd(IMPORTED_MAX) == 0, () -> "the import failed: %s".formatted(imported.said()));
            Matcher stored = Pattern.compile("([0-9,]+) customers stored").matcher(imported.said());
            PlayFailure.unless(stored.find(), () -> "the import says nothing: %s".formatted(imported.said()));
            customers = Integer.parseInt(stored.group(1).replace(",", ""));
        }
        stage.say("%d customers are there after %.1f s"
                .formatted(customers, Waiting.since(start).toMillis() / 1e3));
        LedgerDatabase database = Stage.database(node.directory());
        try (Connection connection = Stage.connect(database, database.owner());
                Statement statement = connection.createStatement()) {
            // What the database would do by itself after so many new rows, some minutes later and in the middle of it.
            statement.execute("VACUUM (ANALYZE)");
            awaitQuietDisk(statement);
        }
    }

    /** So much was written that the system needs a while to bring it to the disk, which every commit waits for. */
    private static void awaitQuietDisk(Statement statement) throws SQLException, InterruptedException {
        int[] quick = {0};
        Waiting.until("commits to be quick again", QUIET_MAX, () -> {
            long start = System.nanoTime();
            try {
                statement.execute("SELECT pg_logical_emit_message(true, 'soak', '')");
            } catch (SQLException e) {
                throw new IOException(e);
            }
            quick[0] = Waiting.since(start).compareTo(QUICK) > 0 ? 0 : quick[0] + 1;
            return quick[0] == QUICK_COMMITS;
        });
    }

    private Crew clerks(boolean isPatient) {
        Crew crew = new Crew(stage);
        crews++;
        for (int i = 0; i < CLERKS; i++) {
            String prefix = "clerk-" + crews + "-" + i;
            Clerk clerk = new Clerk(prefix, () -> node.caller(key), isPatient, writes, reads, stage.random(prefix));
            crew.start("clerk", () -> clerk.work(crew));
        }
        return crew;
    }

    private void nobodyNoticesARebuild() throws Exception {
        try (Crew crew = clerks(false)) {
            crew.workFor(stage.scale().share(4));
            forget();
            crew.workFor(stage.scale().share(2));
            tell("before the rebuild");
            long start = System.nanoTime();
            operate("rebuild");
            crew.workUntil("the generation to be ready", READY_MAX, this::isReady);
            Duration took = Waiting.since(start);
            tell("during the rebuild");
            stage.measure(
                    "rebuild of %d customers under load, from the command to ready to swap".formatted(customers), took);
            stage.say("%.0f customers/s; the ledger's process had %d MB at the most, PostgreSQL aside"
                    .formatted(
                            customers / (took.toNanos() / 1e9), node.process().peakMemoryBytes() >> 20));
            start = System.nanoTime();
            operate("swap");
            stage.measure("comparison and swap under load", Waiting.since(start));
            crew.workFor(stage.scale().share(8));
            start = System.nanoTime();
            operate("rollback");
            stage.measure("rollback under load", Waiting.since(start));
            crew.workFor(stage.scale().share(8));
            tell("since the rebuild");
            crew.stop();
        }
        operate("generations/2/drop");
        check();
    }

    private void forget() {
        writes.clear();
        reads.clear();
    }

    private void tell(String when) {
        stage.say(when + ": writes: " + writes);
        stage.say(when + ": reads of what was just written: " + reads);
        stage.measure("p99 of writes " + when, writes.perMille(990));
        forget();
    }

    private void aRebuildOutlivesKills() throws Exception {
        try (Crew crew = clerks(true)) {
            operate("rebuild");
            for (int percent : LEDGER_KILLED_AT) {
                awaitOnTheWay(crew, percent);
                long start = System.nanoTime();
                node.process().kill();
                node.startAgain();
                node.awaitUp();
                stage.measure("kill -9 of the ledger in a rebuild, until it is up again", Waiting.since(start));
            }
            awaitOnTheWay(crew, POSTGRES_KILLED_AT);
            long start = System.nanoTime();
            node.process().killPostmaster();
            Waiting.until("the views to be told again", RECOVERED_MAX, () -> view() != null);
            stage.measure("kill -9 of PostgreSQL in a rebuild, until the views are told again", Waiting.since(start));
            crew.workUntil("the generation to be ready", READY_MAX, this::isReady);
            operate("swap");
            crew.workFor(stage.scale().share(8));
            crew.stop();
        }
        check();
    }

    private void awaitOnTheWay(Crew crew, int percent) throws IOException, InterruptedException {
        crew.workUntil("%d percent of the rebuild".formatted(percent), READY_MAX, () -> {
            Records.Sent view = view();
            if (view == null) {
                return false;
            }
            Matcher building = BUILDING.matcher(view.member("others"));
            PlayFailure.unless(building.find(), () -> "nothing is being rebuilt: %s".formatted(view));
            return Integer.parseInt(building.group(1)) >= percent;
        });
        Records.Sent now = view();
        stage.say("on the way: " + (now == null ? "not told" : now.text()));
    }

    private boolean isReady() throws IOException, InterruptedException {
        Records.Sent view = view();
        return view != null && view.member("state").equals("ready");
    }

    /** How the view is, as operators are told; null where that can't be told now. */
    private Records.@Nullable Sent view() throws IOException, InterruptedException {
        Reply reply = node.operator().get("/views");
        return reply.status() != 200
                ? null
                : reply.records().stream()
                        .filter(each -> each.member("view").equals(VIEW))
                        .findAny()
                        .orElseThrow(() -> new PlayFailure("no view is called " + VIEW));
    }

    private void operate(String operation) throws IOException, InterruptedException {
        Reply reply = node.operator().within(SWAPPED_MAX).post("/views/" + VIEW + "/" + operation, "{}", null);
        stage.say(reply.ok().toString());
    }

    /** What the clerks' merchant lists is what the events amount to, and every view has seen every event once. */
    private void check() throws Exception {
        LedgerCheck.listEqualsEvents(
                Stage.database(node.directory()), node.caller(key).list());
    }
}

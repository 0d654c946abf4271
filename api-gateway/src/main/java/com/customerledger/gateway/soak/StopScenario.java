package com.customerledger.gateway.soak;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.stage.Caller;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * SIGTERM ends all of a server in time, alone or with its process group, and a first start that is killed at any moment
 * is made good by the next.
 */
final class StopScenario {

    private static final Duration FIRST_START_DEFAULT = Duration.ofSeconds(8);
    private static final Pattern CREDENTIALS = Pattern.compile("(?m)^key_[A-Za-z0-9_-]{21}:[A-Za-z0-9_-]{43}$");

    private StopScenario() {}

    static void run(SoakStage stage) throws Exception {
        Random random = stage.random("stop");
        Duration firstStart = FIRST_START_DEFAULT;
        for (int i = 0; i < stage.scale().repetitions(); i++) {
            Path directory = stage.newDirectory("stop");
            Node node = stage.startNode("stop-" + i, directory);
            killAfter(node, firstStart.multipliedBy(random.nextInt(100)).dividedBy(100), random.nextBoolean());
            long start = System.nanoTime();
            node.startAgain();
            node.awaitUp();
            firstStart = Waiting.since(start);
            stage.measure("start after a first start that was killed", firstStart);
            everythingShownWorks(node);
            endsAndComesBack(stage, node);
        }
    }

    private static void killAfter(Node node, Duration time, boolean postgresToo) throws Exception {
        long start = System.nanoTime();
        Waiting.until(
                "a moment in a first start",
                time.plusSeconds(1),
                () -> Waiting.since(start).compareTo(time) >= 0);
        Optional<ProcessHandle> postgres = node.process().postmaster();
        if (postgresToo) {
            postgres.ifPresent(ProcessHandle::destroyForcibly);
        }
        node.process().kill();
    }

    /** There is one demo key, it is in its file, and whatever was printed is that. */
    private static void everythingShownWorks(Node node) throws Exception {
        String file = Files.readString(node.directory().resolve(DataDirectory.DEMO_CREDENTIALS))
                .strip();
        List<String> printed = CREDENTIALS
                .matcher(node.process().allSaid())
                .results()
                .map(found -> found.group())
                .toList();
        PlayFailure.unless(
                !printed.isEmpty() && printed.stream().allMatch(file::equals),
                () -> "other credentials were printed than are in the file");
        node.demo().get("/customers/list").ok();
        LedgerDatabase database = Stage.database(node.directory());
        try (Connection connection = Stage.connect(database, database.application());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM gateway.api_keys")) {
            row.next();
            int keys = row.getInt(1);
            PlayFailure.unless(keys == 1, () -> "the first start made %d keys".formatted(keys));
        }
    }

    private static void endsAndComesBack(SoakStage stage, Node node) throws Exception {
        List<Records.Sent> written = new ArrayList<>();
        for (boolean group : new boolean[] {false, true}) {
            String name = "written-before-the-end-" + group;
            written.add(node.demo()
                    .post("/customers/create?versions=true", Bodies.create(List.of(name)), name)
                    .ok()
                    .records()
                    .get(0));
            try (Crew crew = new Crew(stage)) {
                Caller demo = node.demo();
                crew.start("load", () -> load(crew, demo, name));
                crew.workFor(stage.scale().share(10));
                stage.measure(
                        "SIGTERM to the " + (group ? "process group" : "process") + " under load, until all is gone",
                        node.process().terminate(group));
                crew.stop();
            }
            PlayFailure.unless(
                    Files.notExists(node.directory().resolve("database.properties"))
                            && Files.notExists(node.directory().resolve(DataDirectory.OPERATOR_URL)),
                    () -> "a server that ended left the addresses of what runs no more");
            if (!group) {
                long start = System.nanoTime();
                node.startAgain();
                node.awaitUp();
                stage.measure("warm start to UP", Waiting.since(start));
                List<Records.Sent> list = node.demo().list();
                PlayFailure.unless(list.containsAll(written), () -> "what was written before the end is not there");
                LedgerCheck.listEqualsEvents(Stage.database(node.directory()), list);
            }
        }
    }

    /** Writes until the server ends. */
    private static void load(Crew crew, Caller demo, String name) throws InterruptedException {
        try {
            for (int n = 0; crew.goesOn(); n++) {
                Reply reply = demo.post("/customers/create", Bodies.create(List.of(name + "-" + n)), null);
                PlayFailure.unless(
                        reply.status() == 200 || reply.isUnavailable(),
                        () -> "200 or 503 was promised: %s".formatted(reply));
            }
        } catch (IOException ended) {
            return;
        }
    }
}

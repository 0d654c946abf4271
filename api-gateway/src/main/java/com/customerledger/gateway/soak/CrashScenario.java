package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.MadeKey;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One server with a database of its own is killed under load. Whatever was acknowledged is there afterwards, exactly as
 * it was acknowledged; whatever was not is there whole or not at all, and can be sent again.
 */
final class CrashScenario {

    private static final int WRITERS = 4;
    private static final int WRITERS_OF_ALL = 16;
    private static final Duration RECOVERED_MAX = Duration.ofSeconds(30);

    private final SoakStage stage;
    private final Node node;
    private final Random random;
    private final List<Writer> writers = new ArrayList<>();

    private CrashScenario(SoakStage stage, Node node, Random random) {
        this.stage = stage;
        this.node = node;
        this.random = random;
    }

    /** Who dies. */
    private enum Victim {
        JVM("kill -9 of the JVM"),
        POSTGRES("kill -9 of PostgreSQL"),
        BOTH("kill -9 of both"),
        BACKEND("kill -9 of one of PostgreSQL's backends");

        private final String text;

        Victim(String text) {
            this.text = text;
        }
    }

    static void run(SoakStage stage) throws Exception {
        Path directory = stage.newDirectory("crash");
        Node node = stage.startNode("crash", directory);
        stage.measure("first start to UP", node.awaitUp());
        CrashScenario scenario = new CrashScenario(stage, node, stage.random("crash"));
        scenario.employ(MadeKey.forPayments(stage, directory));
        for (int i = 1; i <= stage.scale().repetitions(); i++) {
            for (Victim victim : Victim.values()) {
                scenario.crash(victim, i);
            }
            scenario.crashAtRest();
        }
        node.process().terminate(false);
    }

    private void employ(String paymentsKey) throws IOException {
        for (int i = 0; i < (stage.scale().whole() ? WRITERS_OF_ALL : WRITERS); i++) {
            writers.add(new Writer("w" + i, node.demo(), node.caller(paymentsKey), stage.random("writer " + i)));
        }
    }

    private void crash(Victim victim, int repetition) throws Exception {
        try (Crew crew = new Crew(stage)) {
            for (Writer writer : writers) {
                crew.start("writer", () -> {
                    writer.writeUntilUnknown(crew::goesOn);
                    // From the first moment that anything is answered.
                    writer.awaitOwnWrite();
                });
            }
            GivenUpNumbers numbers = new GivenUpNumbers(Stage.database(node.directory()), stage.random("given up"));
            crew.start("given-up-numbers", () -> numbers.drawUntilLost(crew));
            Duration load = stage.scale().share(stage.scale().repetitions() * Victim.values().length);
            crew.workFor(load.multipliedBy(50 + random.nextInt(100)).dividedBy(100));
            long start = System.nanoTime();
            kill(victim);
            crew.stop();
            stage.measure(victim.text + ", until everything is answered again", Waiting.since(start));
        }
        int acknowledged = writers.stream().mapToInt(Writer::acknowledged).sum();
        Map<String, Records.Sent> list = byId(node.demo().list());
        for (Writer writer : writers) {
            writer.checkPending(list);
        }
        for (Writer writer : writers) {
            writer.settle();
            writer.repeatLast();
        }
        int customers = compare();
        stage.say("%s, time %d: %d acknowledged requests and %d customers are there"
                .formatted(victim.text, repetition, acknowledged, customers));
    }

    /** Kills PostgreSQL right after a read, when nobody writes any more that would make good what was lost. */
    private void crashAtRest() throws InterruptedException {
        Writer writer = writers.get(random.nextInt(writers.size()));
        int acknowledged = writer.acknowledged();
        writer.writeUntilUnknown(() -> writer.acknowledged() == acknowledged);
        writer.awaitOwnWrite();
        node.process().killPostmaster();
        stage.measure("kill -9 of PostgreSQL at rest, until what was just read is read again", writer.awaitOwnWrite());
    }

    /** Kills, and starts what does not come back by itself. */
    private void kill(Victim victim) throws IOException, InterruptedException {
        if (victim == Victim.BACKEND) {
            // The server ends all others and recovers.
            node.process().killBackend(random);
            return;
        }
        Optional<ProcessHandle> postgres = node.process().postmaster();
        if (victim != Victim.JVM) {
            node.process().killPostmaster();
        }
        if (victim != Victim.POSTGRES) {
            node.process().kill();
            node.startAgain();
            node.awaitUp();
        } else {
            Waiting.until(
                    "another PostgreSQL",
                    RECOVERED_MAX,
                    () -> node.process()
                            .postmaster()
                            .filter(now -> !postgres.equals(Optional.of(now)))
                            .isPresent());
        }
    }

    private int compare() throws Exception {
        List<Records.Sent> list = node.demo().list();
        Map<String, Records.Sent> rest = byId(list);
        for (Writer writer : writers) {
            writer.takeFrom(rest);
        }
        PlayFailure.unless(
                rest.isEmpty(), () -> "%d customers were never acknowledged: %s".formatted(rest.size(), rest.keySet()));
        return LedgerCheck.listEqualsEvents(Stage.database(node.directory()), list);
    }

    static Map<String, Records.Sent> byId(List<Records.Sent> list) {
        Map<String, Records.Sent> byId = new HashMap<>();
        list.forEach(each -> PlayFailure.unless(
                byId.put(each.id(), each) == null, () -> "%s is in the list twice".formatted(each.id())));
        return byId;
    }
}

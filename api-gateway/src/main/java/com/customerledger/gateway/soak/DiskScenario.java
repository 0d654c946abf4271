package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.Caller;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The disk of the data directory is full for a while: nothing is acknowledged that is not stored, and the server comes
 * back by itself when there is room again. Needs a file system of its own, which not every user may make.
 */
final class DiskScenario {

    private static final int SIZE_MIB = 400;
    private static final Duration MOUNTED_MAX = Duration.ofSeconds(10);
    private static final Duration FULL_MAX = Duration.ofSeconds(60);
    private static final Duration RECOVERED_MAX = Duration.ofSeconds(60);
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int BATCH = 500;

    /** Room for rows, and less than the 16 MiB of a file of PostgreSQL's log. */
    private static final long ROOM_BYTES = 14L << 20;

    private static final String FEW = "few-";

    private DiskScenario() {}

    static void run(SoakStage stage) throws Exception {
        Path mount = stage.newDirectory("disk");
        Files.createDirectories(mount);
        if (!mounted(mount)) {
            stage.say("skipped: this user may not mount a file system of limited size, so no disk can be filled");
            return;
        }
        stage.closeLater(() -> run("umount", "--lazy", mount.toString()));
        Node node = stage.startNode("disk", mount.resolve("data"));
        node.awaitUp();
        Caller demo = node.demo();
        List<Records.Sent> acknowledged =
                new ArrayList<>(write(demo, "before").ok().records());
        Path ballast = mount.resolve("ballast");
        fill(ballast);
        Reply refused = writeUntilRefused(demo, acknowledged);
        stage.say("the disk is full after %d customers: %s".formatted(acknowledged.size(), refused));
        shorten(ballast, ROOM_BYTES);
        Slowest slowest = new Slowest();
        int few = writeAFewAtATime(stage, demo, acknowledged, slowest);
        stage.measure("slowest answer while the disk is full", slowest.get());
        stage.say("%d of a few at a time still found room".formatted(few));
        Files.delete(ballast);
        String last = "again";
        Duration took = Waiting.until("a write after the disk was full", RECOVERED_MAX, () -> {
            Reply reply = demo.post("/customers/create?versions=true", Bodies.create(List.of(last)), last);
            if (reply.isUnavailable()) {
                return false;
            }
            acknowledged.addAll(reply.ok().records());
            return true;
        });
        stage.measure("a full disk has room again, until a write is acknowledged", took);
        node.awaitUp();
        List<Records.Sent> list = demo.list();
        Map<String, Records.Sent> byId = CrashScenario.byId(list);
        for (Records.Sent each : acknowledged) {
            Records.Sent listed = byId.remove(each.id());
            PlayFailure.unless(
                    listed != null && listed.text().equals(each.text()),
                    () -> "%s was acknowledged and is not in the list".formatted(each.id()));
        }
        // Of a request that was answered 503 it is not known whether it was carried out, but it was whole or not at
        // all.
        long ofBatches = byId.values().stream()
                .filter(each -> !each.member("reference").startsWith(FEW))
                .count();
        PlayFailure.unless(
                ofBatches % BATCH == 0, () -> "refused batches of %d left %d customers".formatted(BATCH, ofBatches));
        LedgerCheck.listEqualsEvents(Stage.database(node.directory()), list);
        node.process().terminate(false);
    }

    private static boolean mounted(Path mount) throws InterruptedException {
        try {
            return run("mount", "-t", "tmpfs", "-o", "mode=755,size=" + SIZE_MIB + "m", "tmpfs", mount.toString()) == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(MOUNTED_MAX.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    /**
     * Writes a little at a time, which finds room until PostgreSQL needs the next file of its log, and dies of it. Reads
     * may fail too then, and must say so.
     *
     * @return how many customers were acknowledged
     */
    private static int writeAFewAtATime(SoakStage stage, Caller demo, List<Records.Sent> acknowledged, Slowest slowest)
            throws IOException, InterruptedException {
        int before = acknowledged.size();
        long start = System.nanoTime();
        for (int n = 0; Waiting.since(start).compareTo(stage.scale().load()) < 0; n++) {
            String key = FEW + n;
            long sent = System.nanoTime();
            Reply reply = demo.post("/customers/create?versions=true", Bodies.create(List.of(key)), key);
            slowest.since(sent);
            if (!reply.isUnavailable()) {
                acknowledged.addAll(reply.ok().records());
            }
            Reply read = demo.get("/customers/list?limit=1");
            PlayFailure.unless(
                    read.status() == 200 || read.isUnavailable(), () -> "200 or 503 was promised: %s".formatted(read));
        }
        return acknowledged.size() - before;
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[BLOCK_BYTES];
            for (int i = 0; i < SIZE_MIB * 16; i++) {
                out.write(block);
            }
        } catch (IOException full) {
            if (Files.getFileStore(file).getUsableSpace() > BLOCK_BYTES) {
                throw full;
            }
        }
    }

    private static void shorten(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }

    private static Reply write(Caller demo, String name) throws IOException, InterruptedException {
        return demo.post("/customers/create?versions=true", Bodies.create(Bodies.references(name, BATCH)), name);
    }

    /** One request after the other until one is refused; whatever else is wrong fails. */
    private static Reply writeUntilRefused(Caller demo, List<Records.Sent> acknowledged)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (int n = 0; Waiting.since(start).compareTo(FULL_MAX) < 0; n++) {
            Reply reply = write(demo, "filling-" + n);
            if (reply.isUnavailable()) {
                return reply;
            }
            acknowledged.addAll(reply.ok().records());
        }
        throw new PlayFailure("the disk is full and everything is still acknowledged");
    }
}

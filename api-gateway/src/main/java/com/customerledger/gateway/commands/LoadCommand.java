package com.customerledger.gateway.commands;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates the customers of a file through the HTTP API, a batch a request. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Creates the customers of a file of JSON records, one a line, in a running ledger.",
            "Every line is checked to be a JSON object before the first is sent. A batch is stored whole or not at all. Repeat a"
                    + " load that was interrupted: within 24 hours and with the same --batch nothing is stored twice."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every customer is stored.",
            "1:A line or a batch was refused, or the ledger could not be reached.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class LoadCommand implements Callable<Integer> {

    private static final int BATCH_RECORDS_MAX = 100_000;

    /** Below the 32 MiB that a ledger takes in one body unless it was told otherwise. */
    private static final int BATCH_BYTES_MAX = 24 << 20;

    private static final int FAULTS_SHOWN = 20;

    @Spec
    private CommandSpec command;

    @Mixin
    private ServerOptions server;

    @Parameters(paramLabel = "FILE", description = "Records as POST /customers/create takes them, one a line.")
    private Path path;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Customers in one request (default: ${DEFAULT-VALUE}).")
    private int batchRecords;

    private PrintWriter out;
    private PrintWriter err;
    private long stored;
    private long storedBefore;

    @Override
    public Integer call() throws IOException {
        out = command.commandLine().getOut();
        err = command.commandLine().getErr();
        if (batchRecords < 1 || batchRecords > BATCH_RECORDS_MAX) {
            throw new ParameterException(
                    command.commandLine(), "--batch takes a number from 1 to " + BATCH_RECORDS_MAX);
        }
        Retries retries = server.retries();
        try (LedgerClient client = server.connect();
                JsonLines file = openFile(command, path)) {
            long records = check(file);
            if (records < 0) {
                return 1;
            }
            Batch batch = new Batch();
            Duration elapsed;
            try (Progress progress = Progress.start(err, "loading", records)) {
                file.forEach(line -> {
                    if (batch.lines.size() == batchRecords || !batch.hasRoomFor(line)) {
                        send(client, retries, batch, progress);
                    }
                    batch.add(line);
                });
                send(client, retries, batch, progress);
                elapsed = progress.elapsed();
            } catch (Refused e) {
                explain(e, batch);
                return 1;
            } catch (CommandFailure e) {
                throw new CommandFailure(
                        e.getMessage() + ". " + counted(stored) + " stored before line " + batch.lines.get(0)
                                + "; repeat the command to go on from there",
                        e);
            }
            out.printf(
                    Locale.ROOT,
                    "%s stored in %.1f s (%,.0f/s)%s%n",
                    counted(stored),
                    elapsed.toMillis() / 1e3,
                    Progress.rate(stored, elapsed),
                    storedBefore == 0
                            ? ""
                            : String.format(Locale.ROOT, ", %,d of them by an earlier load", storedBefore));
            return 0;
        }
    }

    /** A file that a command was given, opened; anything but a regular file is a wrong use of the command. */
    static JsonLines openFile(CommandSpec command, Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ParameterException(
                    command.commandLine(), path + (Files.exists(path) ? " is not a regular file" : " does not exist"));
        }
        try {
            return JsonLines.open(path);
        } catch (IOException e) {
            throw new ParameterException(command.commandLine(), path + " can't be opened: " + e.getMessage(), e);
        }
    }

    /** Names every line that is not a JSON object; the number of lines, or -1 when there is such a line. */
    private long check(JsonLines file) throws IOException {
        long[] lines = {0, 0};
        try (Progress progress = Progress.start(err, "checking the file", 0)) {
            file.forEach(line -> {
                lines[0]++;
                progress.reached(lines[0]);
                try {
                    line.parse();
                } catch (JsonTree.Malformed e) {
                    lines[1]++;
                    if (lines[1] <= FAULTS_SHOWN) {
                        progress.say("Line " + line.number() + " " + e.getMessage());
                    }
                }
            });
        }
        if (lines[1] > 0) {
            err.printf(Locale.ROOT, "%,d of %,d lines are not records; nothing was sent%n", lines[1], lines[0]);
            return -1;
        }
        return lines[0];
    }

    private void send(LedgerClient client, Retries retries, Batch batch, Progress progress) {
        if (batch.lines.isEmpty()) {
            return;
        }
        byte[] body = batch.body();
        String key = idempotencyKey(body);
        LedgerClient.Answer answer = retries.call(progress::say, () -> client.post("/customers/create", body, key));
        int results = results(answer.body());
        if (results != batch.lines.size()) {
            throw new CommandFailure(
                    "The ledger answered " + results + " results for " + batch.lines.size() + " records");
        }
        stored += results;
        if (answer.headers().firstValue("Idempotent-Replayed").isPresent()) {
            storedBefore += results;
        }
        batch.clear();
        progress.reached(stored);
    }

    /**
     * The batch's own content: a load that is repeated, even after lines further down were mended, sends the batches that
     * are stored already under the keys that they were stored with.
     */
    private static String idempotencyKey(byte[] body) {
        try {
            return "load-"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static int results(String body) {
        try {
            if (JsonTree.parse(body) instanceof JsonTree.Members answer
                    && answer.get("status").equals(new JsonTree.Bool(true))
                    && answer.get("results") instanceof JsonTree.Items results) {
                return results.values().size();
            }
        } catch (JsonTree.Malformed e) {
            throw new CommandFailure("The ledger's answer is not JSON: it " + e.getMessage(), e);
        }
        throw new CommandFailure("The ledger's answer holds no results");
    }

    private void explain(Refused refused, Batch batch) {
        int shown = 0;
        for (Refused.Fault fault : refused.faults()) {
            if (shown == FAULTS_SHOWN) {
                err.printf(
                        Locale.ROOT, "and %,d faults more%n", refused.faults().size() - shown);
                break;
            }
            shown++;
            String where = fault.index() >= 0 && fault.index() < batch.lines.size()
                    ? "Line " + batch.lines.get((int) fault.index()) + ", "
                    : "";
            err.println(where + fault.field() + ": " + fault.message()
                    + (fault.rule().isEmpty() ? "" : " (" + fault.rule() + ")"));
        }
        err.println("Lines " + batch.lines.get(0) + " to " + batch.lines.get(batch.lines.size() - 1) + " were refused: "
                + refused.getMessage());
        err.println(counted(stored) + " stored before them, nothing of them or after them");
        if (refused.status() == 409) {
            err.println("Where the file was loaded before, ./ledger compare tells what the ledger holds of it");
        }
        err.flush();
    }

    private static String counted(long customers) {
        return String.format(Locale.ROOT, "%,d %s", customers, customers == 1 ? "customer" : "customers");
    }

    /** The lines of the next request, as they stand in the file. */
    private static final class Batch {

        private static final byte[] BEGIN = "{\"records\":[".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

        private final List<Long> lines = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        boolean hasRoomFor(JsonLines.Line line) {
            return lines.isEmpty() || bytes.size() + line.bytes().length < BATCH_BYTES_MAX;
        }

        void add(JsonLines.Line line) {
            bytes.writeBytes(lines.isEmpty() ? BEGIN : new byte[] {','});
            bytes.writeBytes(line.bytes());
            lines.add(line.number());
        }

        byte[] body() {
            ByteArrayOutputStream body = new ByteArrayOutputStream(bytes.size() + END.length);
            body.writeBytes(bytes.toByteArray());
            body.writeBytes(END);
            return body.toByteArray();
        }

        void clear() {
            lines.clear();
            bytes.reset();
        }
    }
}

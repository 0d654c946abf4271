package com.customerledger.gateway.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates the customers of a file through the HTTP API, several batches at once. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Creates the customers of a file of JSON records, one a line, in a running ledger.",
            "Every line is checked to be a JSON object before the first is sent. A batch is stored whole or not at all. Repeat"
                    + " an import that was interrupted or refused, once the file is mended: it goes on where it was, and nothing"
                    + " is stored twice. What is stored is written down beside the file, in FILE.import-…, until the"
                    + " import is complete; without that file an import can be repeated for 24 hours, with the same --batch.",
            "At last it waits until what was stored can be read."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every customer is stored.",
            "1:A line or a batch was refused, or the ledger could not be reached.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class ImportCommand implements Callable<Integer> {

    private static final int BATCH_RECORDS_MAX = 100_000;
    private static final int CONNECTIONS_MAX = 64;
    private static final int FAULTS_SHOWN = 20;
    private static final int CONFLICT = 409;

    /** One read of each view: it is answered when the view has what was stored before it was asked. */
    private static final List<String> READS =
            List.of("/customers/list?limit=1", "/customers/statistics", "/events?after=0&limit=1");

    /** Each lasts as long as the ledger lets a read wait for its view. */
    private static final int READ_ATTEMPTS_MAX = 600;

    private static final Duration READ_PAUSE_MAX = Duration.ofMillis(250);

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

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "2",
            description = "Requests at once, each on a connection of its own (default: ${DEFAULT-VALUE}).")
    private int connections;

    private PrintWriter out;
    private PrintWriter err;

    @Override
    public Integer call() throws IOException {
        out = command.commandLine().getOut();
        err = command.commandLine().getErr();
        between("--batch", batchRecords, BATCH_RECORDS_MAX);
        between("--connections", connections, CONNECTIONS_MAX);
        Retries retries = server.retries();
        try (LedgerClient client = server.connect();
                JsonLines file = openFile(command, path)) {
            long records = check(file);
            if (records < 0) {
                return 1;
            }
            if (records == 0) {
                out.println(counted(0) + " stored: the file holds none");
                return 0;
            }
            return send(client, retries, file, records);
        }
    }

    private void between(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(
                    command.commandLine(),
                    option + " takes a number from 1 to " + String.format(Locale.ROOT, "%d", max));
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
                    line.check();
                } catch (JsonTree.Malformed e) {
                    lines[1]++;
                    if (lines[1] <= FAULTS_SHOWN) {
                        progress.say("Line " + line.number() + " " + e.getMessage());
                    }
                }
                return true;
            });
        }
        if (lines[1] > 0) {
            err.printf(Locale.ROOT, "%,d of %,d lines are not records; nothing was sent%n", lines[1], lines[0]);
            return -1;
        }
        return lines[0];
    }

    private int send(LedgerClient client, Retries retries, JsonLines file, long records) throws IOException {
        long startNs = System.nanoTime();
        Duration elapsed;
        ImportRun ended;
        try (Progress progress = Progress.start(err, "importing", records);
                ImportJournal journal = ImportJournal.open(path, client.ledgerAndKey(), progress::say);
                ImportRun run = new ImportRun(
                        connections,
                        new ImportSending(client, retries, journal, progress),
                        progress,
                        !journal.isEmpty())) {
            BatchCutter cutter = new BatchCutter(batchRecords, journal, run);
            file.forEach(cutter::add);
            cutter.end();
            run.finish();
            elapsed = progress.elapsed();
            ended = run;
            if (run.failures().isEmpty()) {
                journal.complete();
            }
        }
        if (!ended.failures().isEmpty()) {
            explain(ended);
            return 1;
        }
        long storedBefore = ended.storedBefore();
        long storedNow = ended.stored() - storedBefore;
        Duration caughtUp = awaitViews(client, startNs);
        out.printf(
                Locale.ROOT,
                "%s stored in %s%s%s%n",
                counted(ended.stored()),
                timed(storedNow, elapsed),
                storedBefore == 0 ? "" : String.format(Locale.ROOT, ", %,d of them by an earlier import", storedBefore),
                caughtUp == null ? "" : ", views caught up after " + timed(storedNow, caughtUp));
        return 0;
    }

    private static String timed(long customers, Duration time) {
        return String.format(Locale.ROOT, "%.1f s (%,.0f/s)", time.toMillis() / 1e3, Progress.rate(customers, time));
    }

    /** How long after that start the views had all that was stored; null where that can't be learned. */
    private @Nullable Duration awaitViews(LedgerClient client, long startNs) {
        Retries retries = server.retries(READ_ATTEMPTS_MAX, READ_PAUSE_MAX);
        try {
            return Waiting.during(err, "waiting for the views", () -> {
                for (String read : READS) {
                    retries.call(ignored -> {}, () -> client.get(read, InputStream::readAllBytes));
                }
                return Duration.ofNanos(System.nanoTime() - startNs);
            });
        } catch (CommandFailure e) {
            err.println("All is stored, but whether it can be read is not known: " + e.getMessage());
            err.flush();
            return null;
        }
    }

    /** Says what was refused or had no answer, and what is stored and what is not. */
    private void explain(ImportRun run) {
        List<ImportRun.Failure> failures = run.failures();
        for (ImportRun.Failure each : failures) {
            if (!(each.cause() instanceof CommandFailure)) {
                throw each.cause();
            }
        }
        String ahead = listed(run.linesAhead());
        for (int i = 0; i < failures.size(); i++) {
            if (failures.get(i).cause() instanceof Refused refused) {
                nameFaults(refused, failures.get(i).lines());
                err.println("Lines " + failures.get(i).range() + " were refused: " + refused.getMessage());
                tellOfOthers(failures, i);
                err.println(counted(run.storedInARow()) + " stored before "
                        + (i > 0 ? "line " + failures.get(0).range().first() : "them") + ", nothing of them"
                        + (ahead.isEmpty() ? " or after them" : "; after them " + ahead + ", and nothing else"));
                if (refused.status() == CONFLICT) {
                    err.println(
                            "Where the file was imported before, ./ledger compare tells what the ledger holds of it");
                }
                err.flush();
                return;
            }
        }
        tellOfOthers(failures, 0);
        err.flush();
        RuntimeException cause = failures.get(0).cause();
        throw new CommandFailure(
                cause.getMessage() + ". " + counted(run.storedInARow()) + " stored before line "
                        + failures.get(0).range().first() + (ahead.isEmpty() ? "" : ", and " + ahead)
                        + "; repeat the command to go on from there",
                cause);
    }

    private void tellOfOthers(List<ImportRun.Failure> failures, int told) {
        for (int i = 0; i < failures.size(); i++) {
            ImportRun.Failure each = failures.get(i);
            if (i != told) {
                err.println("Lines " + each.range()
                        + (each.cause() instanceof Refused ? " were refused too: " : " may be stored: ")
                        + each.cause().getMessage());
            }
        }
    }

    private static String listed(List<LineRange> ranges) {
        return ranges.isEmpty()
                ? ""
                : ranges.stream().map(LineRange::toString).collect(Collectors.joining(", ", "lines ", ""));
    }

    private void nameFaults(Refused refused, long[] lines) {
        int shown = 0;
        for (Refused.Fault fault : refused.faults()) {
            if (shown == FAULTS_SHOWN) {
                err.printf(
                        Locale.ROOT, "and %,d faults more%n", refused.faults().size() - shown);
                break;
            }
            shown++;
            String where = fault.index() >= 0 && fault.index() < lines.length
                    ? "Line " + lines[(int) fault.index()] + ", "
                    : "";
            err.println(where + fault.field() + ": " + fault.message()
                    + (fault.rule().isEmpty() ? "" : " (" + fault.rule() + ")"));
        }
    }

    private static String counted(long customers) {
        return String.format(Locale.ROOT, "%,d %s", customers, customers == 1 ? "customer" : "customers");
    }
}

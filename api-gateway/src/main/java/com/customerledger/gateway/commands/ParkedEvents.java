package com.customerledger.gateway.commands;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.Letter;
import com.customerledger.events.audit.ViewAudit.Request;
import com.customerledger.events.audit.ViewAudit.Requested;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The commands for events that a view could not apply. */
final class ParkedEvents {

    private static final int REASON_LENGTH_MAX = 500;

    private ParkedEvents() {}

    /** What every command on a view's parked events has. */
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    private abstract static class OnOneGeneration extends ViewsCommand.OnOneView {

        @Option(
                names = "--generation",
                paramLabel = "NUMBER",
                description = "Of that generation of the view (default: of the live one).")
        @Nullable Integer generation;

        /** Asks whoever fills the generation, and tells what came of it. */
        final int ask(Request request) throws IOException {
            Requested done = LedgerServices.call(
                    command,
                    ViewAudit.class,
                    (audit, database, settings) -> audit.ask(database, view, generation, request));
            PrintWriter out = command.commandLine().getOut();
            if (done.asked() == 0) {
                out.println("Nothing is parked in " + view);
            } else if (request.reason() != null) {
                out.println(done.discarded() + " discarded, " + done.left() + " still parked in " + view);
            } else {
                out.println(done.asked() + " tried again, " + done.left() + " still parked in " + view);
            }
            out.flush();
            return done.left() == 0 ? 0 : 1;
        }
    }

    @Command(
            name = "letters",
            mixinStandardHelpOptions = true,
            description = {
                "Lists the events that a view could not apply, with the cause, and those that wait behind them: position, customer,"
                        + " merchant, type, tries, since when, cause."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:They are listed.", "1:They could not be read.", "2:The command was used wrongly."})
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    static final class Letters extends OnOneGeneration {

        Letters() {}

        @Override
        public Integer call() throws IOException {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("POSITION", "CUSTOMER", "MERCHANT", "TYPE", "TRIES", "SINCE", "CAUSE"));
            for (Letter each : LedgerServices.call(
                    command,
                    ViewAudit.class,
                    (audit, database, settings) -> audit.letters(database, view, generation))) {
                rows.add(List.of(
                        Long.toString(each.position()),
                        each.customerId(),
                        each.merchantId() == null ? "-" : each.merchantId(),
                        each.type(),
                        Integer.toString(each.attempts()),
                        each.parkedAt().toString(),
                        each.cause() == null ? "waits" : each.cause().replaceAll("\\s+", " ")));
            }
            PrintWriter out = command.commandLine().getOut();
            Table.print(out, rows);
            out.flush();
            return 0;
        }
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = {
                "Has a view try again what it could not apply, each customer's events in order.",
                "Whoever fills the view does it, and this waits for that."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Nothing is parked any more.",
                "1:Something is, or nobody fills the view.",
                "2:The command was used wrongly."
            })
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    static final class Retry extends OnOneGeneration {

        Retry() {}

        @Override
        public Integer call() throws IOException {
            return ask(Request.retry());
        }
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = {
                "Leaves out of a view, for good, the events that it could not apply, and applies what waited behind them.",
                "The ledger keeps the events, and the view keeps the reason. Whoever fills the view does it, and this waits for that."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:Nothing is parked any more.",
                "1:Something is, or nobody fills the view.",
                "2:The command was used wrongly."
            })
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    static final class Discard extends OnOneGeneration {

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, for people.")
        private String reason;

        @Option(
                names = "--event",
                paramLabel = "POSITION",
                description = "Only the event at that position, one with a cause (default: all with a cause).")
        private @Nullable Long event;

        Discard() {}

        @Override
        public Integer call() throws IOException {
            if (reason.isBlank() || reason.length() > REASON_LENGTH_MAX) {
                throw new ParameterException(
                        command.commandLine(), "--reason takes a text of up to " + REASON_LENGTH_MAX + " characters");
            }
            return ask(Request.discard(event, reason));
        }
    }
}

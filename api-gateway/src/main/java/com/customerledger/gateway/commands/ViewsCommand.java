package com.customerledger.gateway.commands;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.views.ViewOperations;
import com.customerledger.events.views.ViewOperations.Filling;
import com.customerledger.events.views.ViewOperations.OtherGeneration;
import com.customerledger.events.views.ViewOperations.ViewStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells how the views are, and has their generations filled, swapped, taken back and dropped. */
@Command(
        name = "views",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Prints a line for each view: its name, its live generation, the others with how far they are, the live one's position and"
                    + " lag, how many events a second come in, how it is, and how many events are parked.",
            "Works whether the ledger runs or not: the nodes that run do what is to be done; without any, this command does."
        },
        footer = "%nledger views COMMAND --help explains one.",
        subcommands = {
            ViewsCommand.Rebuild.class,
            ViewsCommand.Swap.class,
            ViewsCommand.Rollback.class,
            ViewsCommand.Cancel.class,
            ViewsCommand.Drop.class,
            ParkedEvents.Letters.class,
            ParkedEvents.Retry.class,
            ParkedEvents.Discard.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Done.", "1:Refused, or the database can't be reached.", "2:The command was used wrongly."})
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class ViewsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    ViewsCommand() {}

    /** What a command does with the views. */
    @FunctionalInterface
    private interface Work<T> {
        T with(ViewOperations operations, LedgerDatabase database) throws InterruptedException;
    }

    private static <T> T call(CommandSpec command, Work<T> work) throws IOException {
        return LedgerServices.call(
                command, ViewOperations.class, (operations, database, settings) -> work.with(operations, database));
    }

    private static int say(CommandSpec command, Work<String> work) throws IOException {
        String done = call(command, work);
        PrintWriter out = command.commandLine().getOut();
        out.println(done);
        out.flush();
        return 0;
    }

    @Override
    public Integer call() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (ViewStatus view : call(command, ViewOperations::status)) {
            rows.add(row(view));
        }
        PrintWriter out = command.commandLine().getOut();
        if (!rows.isEmpty()) {
            Table.print(out, rows);
        }
        out.flush();
        return 0;
    }

    /** No value has a blank, so that the columns can be taken apart. */
    private static List<String> row(ViewStatus view) {
        return List.of(
                view.view(),
                "live=" + (view.live() == null ? "-" : view.live() + "(revision:" + view.revision() + ")"),
                "others=" + others(view.others()),
                "position=" + view.position(),
                "lag=" + view.lagEvents(),
                String.format(Locale.ROOT, "lag_s=%.1f", view.lagMillis() / 1e3),
                "rate=" + view.eventsPerSecond() + "/s",
                view.condition().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "parked=" + view.parkedEvents());
    }

    private static String others(List<OtherGeneration> others) {
        return others.isEmpty()
                ? "-"
                : others.stream()
                        .map(other -> other.generation() + "(" + other.state() + ",revision:" + other.revision() + ","
                                + other.percent() + "%)")
                        .collect(Collectors.joining(","));
    }

    /** What every command on one view has. */
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    abstract static class OnOneView implements Callable<Integer> {

        @Spec
        CommandSpec command;

        @Parameters(index = "0", paramLabel = "NAME", description = "The view.")
        String view;
    }

    @Command(
            name = "rebuild",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the view's next generation and has it filled from the first event, beside the live one.",
                "The live one answers until views swap is called."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:It has begun; with --follow, it is ready to be swapped in.",
                "1:It was refused, or it stands still.",
                "2:The command was used wrongly."
            })
    static final class Rebuild extends OnOneView {

        @Option(
                names = "--follow",
                description = "Shows the progress until it is ready to be swapped in, and fills it where no node does.")
        private boolean follow;

        @Option(
                names = "--max-p99-ms",
                paramLabel = "N",
                description =
                        "Slows down when a commit takes longer than this, in milliseconds, one time in a hundred.")
        private @Nullable Integer maxP99Ms;

        Rebuild() {}

        @Override
        public Integer call() throws IOException {
            if (maxP99Ms != null && maxP99Ms < 1) {
                throw new ParameterException(command.commandLine(), "--max-p99-ms takes a number from 1");
            }
            PrintWriter out = command.commandLine().getOut();
            ViewsCommand.call(command, (operations, database) -> {
                int generation = operations.rebuild(database, view, maxP99Ms);
                out.println(view + " generation " + generation + " is being filled");
                out.flush();
                if (follow) {
                    try (FillingBar bar = new FillingBar(command.commandLine().getErr())) {
                        operations.follow(database, view, true, bar::shows);
                    }
                    out.println(view + " generation " + generation + " is ready: ledger views swap " + view
                            + " lets it answer");
                    out.flush();
                }
                return generation;
            });
            return 0;
        }
    }

    /** A progress bar that begins when it is known how much there is to do. For one thread. */
    private static final class FillingBar implements AutoCloseable {

        private final PrintWriter standardError;
        private @Nullable Progress progress;

        FillingBar(PrintWriter standardError) {
            this.standardError = standardError;
        }

        /** True as long as it is worth while to wait. */
        boolean shows(Filling filling) {
            if (filling.trouble() != null) {
                throw new CommandFailure(
                        filling.trouble() + "; the log of whoever fills it says why, and views cancel gives it up");
            }
            Progress shown = progress;
            if (shown == null) {
                shown = Progress.start(standardError, "filling", filling.total());
                progress = shown;
            }
            shown.reached(filling.done());
            return true;
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }

    @Command(
            name = "swap",
            mixinStandardHelpOptions = true,
            description = {
                "Lets the generation that was filled answer, at once and for all nodes. The one that answered follows on, so that"
                        + " views rollback can let it answer again.",
                "Both are compared first if they are of the same revision; the first row that differs is printed, and nothing is"
                        + " swapped then."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:It answers.", "1:It was refused.", "2:The command was used wrongly."})
    static final class Swap extends OnOneView {

        Swap() {}

        @Override
        public Integer call() throws IOException {
            return say(command, (operations, database) -> operations.swap(database, view));
        }
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Lets the generation that answered before answer again, at once and for all nodes.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:It answers.", "1:It was refused.", "2:The command was used wrongly."})
    static final class Rollback extends OnOneView {

        Rollback() {}

        @Override
        public Integer call() throws IOException {
            return say(command, (operations, database) -> operations.rollback(database, view));
        }
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Gives up the generation that is being filled, and drops its tables.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:It is given up.", "1:It was refused.", "2:The command was used wrongly."})
    static final class Cancel extends OnOneView {

        Cancel() {}

        @Override
        public Integer call() throws IOException {
            return say(command, (operations, database) -> operations.cancel(database, view));
        }
    }

    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = {
                "Drops the tables of a generation that answered before: there is no rollback to it then.",
                "Of a view that the program does not have any more, it drops any generation."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:It is given up.", "1:It was refused.", "2:The command was used wrongly."})
    static final class Drop extends OnOneView {

        @Parameters(index = "1", paramLabel = "GENERATION", description = "Its number.")
        private int generation;

        Drop() {}

        @Override
        public Integer call() throws IOException {
            return say(command, (operations, database) -> operations.drop(database, view, generation));
        }
    }
}

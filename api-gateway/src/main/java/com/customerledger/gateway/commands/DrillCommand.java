package com.customerledger.gateway.commands;

import com.customerledger.events.audit.SealAudit.DrillResult;
import com.customerledger.events.audit.SealAudit.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows that tampering is noticed. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = {
            "Attacks a copy of the first events and of their seal at random, and lets the verifier look each time.",
            "Two attackers: one changes events only, the other also rewrites leaves, tree and heads in the database. The copy is seen"
                    + " by this command only and goes with it; a ledger that runs is not disturbed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every attack was detected and located.",
            "1:One was not, or the drill could not be held.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class DrillCommand implements Callable<Integer> {

    private static final int MISSES_SHOWN = 20;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--attacks",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many attacks each attacker makes (default: ${DEFAULT-VALUE}).")
    private int attacks;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many events are copied at most, the first ones (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(names = "--seed", paramLabel = "N", description = "Of what is chosen at random, to have a drill again.")
    private @Nullable Long seed;

    DrillCommand() {}

    @Override
    public Integer call() throws IOException {
        if (attacks < 1 || events < 1) {
            throw new ParameterException(command.commandLine(), "--attacks and --events take a number from 1 on");
        }
        long chosen = seed == null ? System.nanoTime() & Integer.MAX_VALUE : seed;
        PrintWriter err = command.commandLine().getErr();
        err.println("seed " + chosen);
        err.flush();
        DrillResult result = SealCommands.call(command, (audit, database, places) -> {
            try (Progress progress = Progress.start(err, "attacking", 2L * attacks)) {
                return audit.drill(database, attacks, events, chosen, progress::reached);
            }
        });
        PrintWriter out = command.commandLine().getOut();
        misses(out, result.eventsOnly());
        misses(out, result.eventsAndSeal());
        out.printf(Locale.ROOT, "%,d events were attacked%n", result.events());
        out.println("events only: " + text(result.eventsOnly()));
        out.println("events and seal: " + text(result.eventsAndSeal()));
        out.flush();
        return isPerfect(result.eventsOnly()) && isPerfect(result.eventsAndSeal()) ? 0 : 1;
    }

    private static void misses(PrintWriter out, Score score) {
        score.misses().stream().limit(MISSES_SHOWN).forEach(out::println);
    }

    private static String text(Score score) {
        return "detected %1$d/%3$d, located %2$d/%3$d".formatted(score.detected(), score.located(), score.attacks());
    }

    private static boolean isPerfect(Score score) {
        return score.detected() == score.attacks() && score.located() == score.attacks();
    }
}

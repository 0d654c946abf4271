package com.customerledger.gateway.commands;

import com.customerledger.events.audit.SealAudit.Given;
import com.customerledger.events.audit.SealAudit.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Proves that the events are as they were sealed. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Reads every event again, makes the Merkle tree, the merchants' numbers and the customers' sequences anew, and compares with"
                    + " the signed heads in the database, in the data directory and in the files that are given.",
            "Names each event that was changed, removed, added, reordered or cut off the end. A ledger that runs is not disturbed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Nothing was altered.",
            "1:Something was, or it could not be verified.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class VerifyCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description =
                    "A signed checkpoint that was kept elsewhere, or several in one file; can be given several times.")
    private List<Path> checkpoints = List.of();

    @Option(
            names = "--key",
            paramLabel = "PEM",
            description = "The public key to trust (default: that of the node's own key file).")
    private @Nullable Path publicKey;

    @Option(
            names = "--offline",
            paramLabel = "FILE",
            description = "Verifies that export instead, with --key and nothing else: no server and no database.")
    private @Nullable Path export;

    VerifyCommand() {}

    @Override
    public Integer call() throws IOException {
        if (export != null) {
            if (!checkpoints.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(), "--offline takes no --checkpoint: the export has its own head");
            }
            return OfflineVerification.run(command, export, publicKey);
        }
        PrintWriter err = command.commandLine().getErr();
        PrintWriter out = command.commandLine().getOut();
        record Verified(Verdict verdict, Duration took) {}
        Verified verified = SealCommands.call(command, (audit, database, places) -> {
            try (Progress progress = Progress.start(err, "verifying", audit.size(database))) {
                Verdict verdict = audit.verify(database, places, new Given(checkpoints, publicKey), progress::reached);
                return new Verified(verdict, progress.elapsed());
            }
        });
        Verdict verdict = verified.verdict();
        verdict.findings().forEach(out::println);
        if (verdict.unlisted() > 0) {
            out.printf(Locale.ROOT, "… and %,d more%n", verdict.unlisted());
        }
        if (verdict.keyFromDatabase()) {
            out.println(
                    "The public key was taken from the database, for want of another one: give --key to trust no one there.");
        }
        if (verdict.headsOutside() == 0) {
            out.println(
                    "No head from outside the database was given: whoever rewrote all of it and has the key is not seen.");
        }
        out.printf(
                Locale.ROOT,
                "%,d events in %.1f s (%,.0f/s), %,d heads (%,d from outside the database): %,d verified, %,d not yet sealed%n",
                verdict.events(),
                verified.took().toMillis() / 1e3,
                Progress.rate(verdict.events(), verified.took()),
                verdict.heads(),
                verdict.headsOutside(),
                verdict.verified(),
                verdict.notYetSealed());
        out.println(
                verdict.intact()
                        ? "INTACT: nothing that was sealed was altered"
                        : "ALTERED: " + (verdict.findings().size() + verdict.unlisted()) + " findings");
        out.flush();
        return verdict.intact() ? 0 : 1;
    }
}

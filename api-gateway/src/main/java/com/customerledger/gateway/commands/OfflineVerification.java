package com.customerledger.gateway.commands;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditTrail;
import com.customerledger.events.audit.ExportVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Verifies an export with a public key and nothing else: no server, no database, no data directory. */
final class OfflineVerification {

    /** More than any public key has. */
    private static final long KEY_BYTES_MAX = 10_000;

    private OfflineVerification() {}

    /**
     * Verifies it and says what came of it.
     *
     * @return the exit code
     */
    static int run(CommandSpec command, Path file, @Nullable Path publicKey) throws IOException {
        if (publicKey == null) {
            throw new ParameterException(
                    command.commandLine(), "--offline needs the public key: --key FILE, as GET /ledger/key gives it");
        }
        for (Path each : new Path[] {file, publicKey}) {
            if (!Files.isReadable(each) || Files.isDirectory(each)) {
                throw new ParameterException(command.commandLine(), each + " can't be read");
            }
        }
        if (Files.size(publicKey) > KEY_BYTES_MAX) {
            throw new CommandFailure(publicKey + " holds no public key");
        }
        PrintWriter err = command.commandLine().getErr();
        ExportVerdict verdict;
        Duration took;
        try (AuditBar bar = new AuditBar(err, "verifying")) {
            verdict = AuditTrail.find().verify(file, Files.readString(publicKey, StandardCharsets.ISO_8859_1), bar);
            took = bar.elapsed();
        } catch (AuditException e) {
            throw new CommandFailure(publicKey + ": " + e.getMessage(), e);
        }
        PrintWriter out = command.commandLine().getOut();
        verdict.faults().forEach(out::println);
        long unlisted = verdict.faultsInAll() - verdict.faults().size();
        if (unlisted > 0) {
            out.printf(Locale.ROOT, "… and %,d more%n", unlisted);
        }
        out.println(verdict.summary());
        out.printf(
                Locale.ROOT,
                "%,d events in %.1f s (%,.0f/s)%n",
                verdict.events(),
                took.toMillis() / 1e3,
                Progress.rate(verdict.events(), took));
        out.println(
                verdict.isSound()
                        ? "INTACT: every event is as it was sealed, and none is missing"
                        : "BROKEN: " + verdict.faultsInAll() + " findings");
        out.flush();
        return verdict.isSound() ? 0 : 1;
    }
}

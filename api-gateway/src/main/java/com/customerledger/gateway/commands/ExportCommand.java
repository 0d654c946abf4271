package com.customerledger.gateway.commands;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditTrail;
import com.customerledger.events.audit.ExportRequest;
import com.customerledger.events.audit.ExportRequest.Format;
import com.customerledger.events.audit.Exported;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.keys.KeyRegister;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a merchant's events to a file that proves itself. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a merchant's events, by the merchant's own numbers, each with the proof that it was sealed, and a signed"
                    + " statement at the end. ledger verify --offline FILE --key PEM verifies the file anywhere.",
            "Works whether the ledger runs or not. Repeat an export to a file that was interrupted: it goes on where it was."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:The export is finished.",
            "1:It could not be made, or the file is another request's.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Option(names = "--merchant", paramLabel = "NAME", required = true, description = "Whose events: a name or an id.")
    private String merchant;

    @Option(names = "--from", paramLabel = "N", description = "The first event's number (default: 1).")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "N", description = "The last event's number (default: the newest).")
    private @Nullable Long to;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "ndjson",
            description = "ndjson or csv (default: ${DEFAULT-VALUE}).")
    private String format;

    @Option(names = "--output", paramLabel = "FILE", description = "Where to (default: standard output).")
    private @Nullable Path output;

    ExportCommand() {}

    private record Timed(Exported exported, Duration took) {}

    @Override
    public Integer call() throws IOException {
        Format chosen = switch (format.toLowerCase(Locale.ROOT)) {
            case "ndjson" -> Format.NDJSON;
            case "csv" -> Format.CSV;
            default -> throw wrong("--format takes ndjson or csv");
        };
        if ((from != null && from < 1) || (to != null && to < (from == null ? 1 : from))) {
            throw wrong("--from takes a number from 1 on, and --to one that is not before it");
        }
        PrintWriter err = command.commandLine().getErr();
        Timed timed;
        try (ConfigurableApplicationContext context = DatabaseContext.open(err);
                AuditBar bar = new AuditBar(err, "preparing")) {
            String id = merchantId(context.getBean(KeyRegister.class));
            Exported exported = export(context, new ExportRequest(id, from, to, chosen), bar);
            timed = new Timed(exported, bar.elapsed());
        } catch (AuditException | UnavailableException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        // Standard output is the export's own where it goes there.
        PrintWriter out = output == null ? err : command.commandLine().getOut();
        out.println(told(timed));
        out.flush();
        return 0;
    }

    private String merchantId(KeyRegister keys) {
        String id = keys.merchantId(merchant);
        if (id == null) {
            throw new CommandFailure("There is no merchant " + merchant);
        }
        return id;
    }

    private Exported export(ConfigurableApplicationContext context, ExportRequest request, AuditBar bar)
            throws IOException {
        AuditTrail trail = AuditTrail.find();
        LedgerDatabase database = context.getBean(LedgerDatabase.class);
        var places = SealCommands.places(context.getEnvironment());
        if (output != null) {
            return trail.export(database, places, request, output, bar);
        }
        // Not System.out: it hides that its reader is gone.
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            return trail.export(database, places, request, out, bar);
        }
    }

    private static String told(Timed timed) {
        Exported exported = timed.exported();
        String what = String.format(
                Locale.ROOT,
                "Events %,d to %,d of %,d under the head at %,d",
                exported.first(),
                exported.last(),
                exported.newest(),
                exported.size());
        return exported.finishedBefore()
                ? what + ": the file was finished already"
                : String.format(
                        Locale.ROOT,
                        "%s: %,d written in %.1f s (%,.0f/s)",
                        what,
                        exported.written(),
                        timed.took().toMillis() / 1e3,
                        Progress.rate(exported.written(), timed.took()));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}

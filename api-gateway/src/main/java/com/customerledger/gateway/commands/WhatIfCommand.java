package com.customerledger.gateway.commands;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.WhatIf;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Fills a view anew up to a moment and leaves nothing behind. */
@Command(
        name = "whatif",
        mixinStandardHelpOptions = true,
        description = {
            "Fills a view, in its newest revision, with the events up to a moment, in temporary tables of this command's own session, and"
                    + " prints how many rows each table has and a digest of them.",
            "Leaves nothing behind. The view's own tables are not touched, and a ledger that runs is not disturbed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Done.", "1:It could not be done.", "2:The command was used wrongly."})
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class WhatIfCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Option(names = "--view", paramLabel = "NAME", required = true, description = "Which view.")
    private String view;

    @Option(
            names = "--as-of",
            paramLabel = "MOMENT",
            required = true,
            description = "RFC 3339, such as 2026-02-28T23:59:59.5+02:00; events of its microsecond are included.")
    private String asOf;

    WhatIfCommand() {}

    @Override
    public Integer call() throws IOException {
        Instant moment = moment();
        WhatIf filled = LedgerServices.call(command, ViewAudit.class, (audit, database, settings) -> {
            ZoneId zone = ZoneId.of(settings.getProperty("ledger.time-zone", "Africa/Johannesburg"));
            try (Progress progress = Progress.start(command.commandLine().getErr(), "filling", 0)) {
                return audit.whatIf(database, view, moment, zone, progress::reached);
            }
        });
        PrintWriter out = command.commandLine().getOut();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TABLE", "ROWS", "DIGEST"));
        for (ViewAudit.Table table : filled.tables()) {
            rows.add(List.of(table.name(), Long.toString(table.rows()), table.digest()));
        }
        Table.print(out, rows);
        out.printf(
                Locale.ROOT,
                "%s revision %d after %,d events, up to position %d%n",
                filled.view(),
                filled.revision(),
                filled.events(),
                filled.position());
        out.flush();
        return 0;
    }

    private Instant moment() {
        try {
            return OffsetDateTime.parse(asOf).toInstant();
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    command.commandLine(), "--as-of takes a moment such as 2026-02-28T23:59:59.5+02:00", e);
        }
    }
}

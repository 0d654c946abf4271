package com.customerledger.gateway.commands;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.Certificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Compares what the views keep account of with the store. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Every view keeps account, in the transactions of its writes, of which events it applied, does not handle, parked and"
                    + " discarded: how many of each, and a hash of their ids.",
            "Compares that with the events up to each view's position, in one snapshot, and names each view that skipped an event or"
                    + " saw one twice. A ledger that runs is not disturbed."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every view has seen every event once.",
            "1:One has not, or it could not be found out.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    DoctorCommand() {}

    @Override
    public Integer call() throws IOException {
        List<Certificate> certificates = LedgerServices.call(
                command, ViewAudit.class, (audit, database, settings) -> audit.certify(database, position -> {}));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "VIEW", "GENERATION", "POSITION", "FROM", "APPLIED", "NOT-HANDLED", "PARKED", "DISCARDED", "VERDICT"));
        for (Certificate each : certificates) {
            rows.add(List.of(
                    each.view(),
                    Integer.toString(each.generation()),
                    Long.toString(each.position()),
                    Long.toString(each.certifiedFrom()),
                    Long.toString(each.applied()),
                    Long.toString(each.notHandled()),
                    Long.toString(each.parked()),
                    Long.toString(each.discarded()),
                    each.findings().isEmpty() ? "complete" : "DIFFERS"));
        }
        PrintWriter out = command.commandLine().getOut();
        Table.print(out, rows);
        List<String> findings =
                certificates.stream().flatMap(each -> each.findings().stream()).toList();
        findings.forEach(out::println);
        out.flush();
        return findings.isEmpty() ? 0 : 1;
    }
}

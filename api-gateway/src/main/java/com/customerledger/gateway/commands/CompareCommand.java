package com.customerledger.gateway.commands;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists a merchant's customers and holds them against a file, record by record. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Compares the customers that a running ledger lists with a file that was imported, record by record.",
            "Customers are found by their reference. Numbers are equal when their text is: 1.10 is not 1.1."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every customer of the file is listed once, with every field equal.",
            "1:There are differences, or the ledger could not be reached.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class CompareCommand implements Callable<Integer> {

    private static final int PAGE_RECORDS_MAX = 1_000;

    @Spec
    private CommandSpec command;

    @Mixin
    private ServerOptions server;

    @Parameters(paramLabel = "FILE", description = "The file that was imported.")
    private Path path;

    @Option(
            names = "--page",
            paramLabel = "N",
            description = "Lists in pages of N customers, 1 to " + PAGE_RECORDS_MAX
                    + " (default: the whole list in one answer).")
    private @Nullable Integer pageRecords;

    @Option(
            names = "--exact",
            description = "Customers that the ledger lists and the file doesn't hold are differences too.")
    private boolean exact;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        if (pageRecords != null && (pageRecords < 1 || pageRecords > PAGE_RECORDS_MAX)) {
            throw new ParameterException(command.commandLine(), "--page takes a number from 1 to " + PAGE_RECORDS_MAX);
        }
        Retries retries = server.retries();
        try (LedgerClient client = server.connect();
                JsonLines file = ImportCommand.openFile(command, path)) {
            CustomerIndex index;
            try (Progress progress = Progress.start(err, "reading the file", 0)) {
                index = CustomerIndex.of(file, progress::reached);
            }
            Comparison comparison;
            try (Progress progress = Progress.start(err, "comparing", index.size())) {
                comparison = pageRecords == null
                        ? compareWhole(client, retries, index, progress)
                        : comparePaged(client, retries, index, progress, pageRecords);
            }
            comparison.shown().forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "%,d in the file, %,d listed: %,d equal, %,d different, %,d missing, %,d listed again, %,d not in the file%n",
                    index.size(),
                    comparison.listed(),
                    comparison.equal(),
                    comparison.different(),
                    comparison.missing(),
                    comparison.repeated(),
                    comparison.others());
            return comparison.agrees() && !(exact && comparison.others() > 0) ? 0 : 1;
        }
    }

    /** A whole list that breaks off is begun anew, and so is what was counted. */
    private static Comparison compareWhole(
            LedgerClient client, Retries retries, CustomerIndex index, Progress progress) {
        return retries.call(progress::say, () -> {
            Comparison comparison = new Comparison(index);
            return client.get("/customers/list", body -> {
                CustomerPages.read(body, customer -> {
                    comparison.take(customer);
                    progress.reached(comparison.listed());
                });
                return comparison;
            });
        });
    }

    private record Page(
            List<JsonTree.Members> customers, @Nullable String next) {}

    private static Comparison comparePaged(
            LedgerClient client, Retries retries, CustomerIndex index, Progress progress, int limit)
            throws IOException {
        Comparison comparison = new Comparison(index);
        String cursor = null;
        do {
            String query = "/customers/list?limit=" + limit
                    + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
            // A page counts only when it came whole, so that it can be asked for again.
            Page page = retries.call(
                    progress::say,
                    () -> client.get(query, body -> {
                        List<JsonTree.Members> customers = new ArrayList<>();
                        String next = CustomerPages.read(body, customers::add);
                        return new Page(customers, next);
                    }));
            if (page.customers().size() > limit) {
                throw new CommandFailure(
                        "The ledger answered " + page.customers().size() + " customers to a limit of " + limit);
            }
            if (page.next() != null && page.next().equals(cursor)) {
                throw new CommandFailure("The ledger answered the same cursor twice");
            }
            for (JsonTree.Members customer : page.customers()) {
                comparison.take(customer);
            }
            progress.reached(comparison.listed());
            cursor = page.next();
        } while (cursor != null);
        return comparison;
    }
}

package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.system.Bench.Server;
import com.customerledger.gateway.stage.Caller;
import com.customerledger.gateway.stage.LedgerProcess;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Waiting;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** What goes through all events or all customers. */
final class WholeStoreScenarios {

    /** The command that creates the customers of a file. */
    private static final String IMPORT = "import";

    private static final String VIEW = "customer_list";
    private static final Duration READY_MAX = Duration.ofMinutes(60);
    private static final Duration COMMAND_MAX = Duration.ofMinutes(60);

    private static final Pattern PERCENT = Pattern.compile("\"state\":\"building\",\"percent\":([0-9]+)");
    private static final Pattern RATE = Pattern.compile("\\(([0-9,]+)/s\\)");

    private WholeStoreScenarios() {}

    static void rebuild(Bench bench) throws Exception {
        Server server = bench.merchant().server();
        Bench.awaitCaughtUp(server);
        Floor.makeRoom(server.database());
        try (Connection connection = server.connectToViews()) {
            long events = number(connection, "SELECT count(*) FROM ledger.events");
            Caller operator = server.node().operator().within(READY_MAX);
            long start = System.nanoTime();
            operator.post("/views/" + VIEW + "/rebuild", "{}", null).ok();
            AtomicReference<@Nullable Duration> filled = new AtomicReference<>();
            Duration ready = Waiting.until("the view to be ready", READY_MAX, () -> {
                Records.Sent view = view(operator);
                boolean isReady = view.member("state").equals("ready");
                Matcher building = PERCENT.matcher(view.member("others"));
                if (filled.get() == null
                        && (isReady || (building.find() && building.group(1).equals("100")))) {
                    filled.set(Waiting.since(start));
                }
                return isReady;
            });
            Duration filling = PlayFailure.present(filled.get(), () -> "the view was ready and never filled");
            operator.post("/views/" + VIEW + "/cancel", "{}", null).ok();
            RebuildFloor floor = copyList(bench, connection);
            Report report = bench.report();
            report.row(
                    "rebuild of %s from %,d events: filling".formatted(VIEW, events),
                    Figure.perSecond(perSecond(events, filling), "events"),
                    Figure.perSecond(perSecond(floor.rows, floor.copied), "rows"));
            report.row(
                    "from the command to ready to swap",
                    Figure.time(ready),
                    Figure.time(floor.copied.plus(floor.indexed)));
            report.note(
                    "Floor: COPY of the list's %,d rows into a table without indexes; until ready, with the indexes made after it."
                            .formatted(floor.rows));
        }
    }

    private static Records.Sent view(Caller operator) throws IOException, InterruptedException {
        Reply views = operator.get("/views").ok();
        return views.records().stream()
                .filter(each -> each.member("view").equals(VIEW))
                .findAny()
                .orElseThrow(() -> new PlayFailure("no view is called " + VIEW));
    }

    private record RebuildFloor(long rows, Duration copied, Duration indexed) {}

    private static RebuildFloor copyList(Bench bench, Connection connection) throws SQLException, IOException {
        String table = Floor.live(connection, VIEW);
        Path file = bench.stage().newDirectory("rows");
        var copies = connection.unwrap(PGConnection.class).getCopyAPI();
        try (OutputStream out = Files.newOutputStream(file)) {
            copies.copyOut("COPY " + table + " TO STDOUT (FORMAT binary)", out);
        }
        try (Statement statement = connection.createStatement();
                InputStream in = Files.newInputStream(file)) {
            statement.execute("CREATE TABLE bench.list (LIKE " + table + ")");
            long start = System.nanoTime();
            long rows = copies.copyIn("COPY bench.list FROM STDIN (FORMAT binary)", in, 1 << 16);
            Duration copied = Waiting.since(start);
            long index = System.nanoTime();
            statement.execute("ALTER TABLE bench.list ADD PRIMARY KEY (created_at, customer_id)");
            statement.execute("CREATE INDEX ON bench.list (merchant_id, status, rank, customer_id)");
            Duration indexed = Waiting.since(index);
            statement.execute("DROP TABLE bench.list");
            return new RebuildFloor(rows, copied, indexed);
        } finally {
            Files.delete(file);
        }
    }

    static void verify(Bench bench) throws Exception {
        Server server = bench.merchant().server();
        Bench.awaitCaughtUp(server);
        long start = System.nanoTime();
        LedgerProcess command = bench.command(server, COMMAND_MAX, List.of("verify"));
        Duration whole = Waiting.since(start);
        try (Connection connection = server.connect()) {
            long events = number(connection, "SELECT count(*) FROM ledger.events");
            long copy = System.nanoTime();
            Floor.copyOut(connection, "SELECT * FROM ledger.events ORDER BY position");
            Duration copied = Waiting.since(copy);
            Report report = bench.report();
            report.row(
                    "verify of %,d events".formatted(events),
                    Figure.perSecond(rate(command), "events"),
                    Figure.perSecond(perSecond(events, copied), "events"));
            report.row("the whole command", Figure.time(whole), Figure.time(copied));
            report.note("Floor: COPY of every event, in order, to nowhere over JDBC.");
        }
    }

    static void importFile(Bench bench) throws Exception {
        Server server = bench.server();
        int customers = bench.options().customers();
        Path file = bench.stage().newDirectory("customers");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (int i = 0; i < customers; i++) {
                out.write(bench.customers().line());
                out.write('\n');
            }
        }
        try {
            Bench.awaitCaughtUp(server);
            long start = System.nanoTime();
            LedgerProcess command = bench.command(
                    server,
                    COMMAND_MAX,
                    List.of(
                            IMPORT,
                            file.toString(),
                            "--url",
                            "http://127.0.0.1:" + server.node().port()));
            Duration whole = Waiting.since(start);
            Bench.awaitCaughtUp(server);
            Duration visible = Waiting.since(start);
            Duration copied =
                    Floor.on(server.database(), WriteScenarios.CREATED).copyOnce(customers);
            Report report = bench.report();
            report.row(
                    "%s of %,d customers".formatted(IMPORT, customers),
                    Figure.perSecond(rate(command), "customers"),
                    Figure.perSecond(perSecond(customers, copied), "customers"));
            report.row("the whole command", Figure.time(whole), Figure.time(copied));
            report.row("until every view had all", Figure.time(visible), Figure.time(copied));
            report.note("Floor: as many rows of the same bytes by one COPY, into a table with the events' indexes.");
        } finally {
            Files.delete(file);
        }
    }

    /** The rate that a command says at its end: before that, it may say how quick a part of its work is. */
    private static double rate(LedgerProcess command) {
        String rate = RATE.matcher(command.said())
                .results()
                .reduce((part, whole) -> whole)
                .map(whole -> whole.group(1))
                .orElseThrow(() -> new PlayFailure("the command does not say how quick it was: " + command.said()));
        return Double.parseDouble(rate.replace(",", ""));
    }

    private static double perSecond(long count, Duration time) {
        return count / Math.max(1e-9, time.toNanos() / 1e9);
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}

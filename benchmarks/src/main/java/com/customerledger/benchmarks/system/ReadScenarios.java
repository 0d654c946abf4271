package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.system.Bench.Merchant;
import com.customerledger.benchmarks.system.Bench.Server;
import com.customerledger.benchmarks.system.Loop.Measured;
import com.customerledger.gateway.stage.Latencies;
import com.customerledger.gateway.stage.PlayFailure;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads. Floors take the same ready texts out of the same tables. */
final class ReadScenarios {

    private static final int PAGE = 100;
    private static final int LARGE_PAGE = 1_000;
    private static final Pattern NEXT = Pattern.compile("\"next_cursor\":\"([^\"]+)\"");
    private static final List<Integer> CHANGES = List.of(10, 1_000);

    private ReadScenarios() {}

    static void list(Bench bench) throws Exception {
        Merchant merchant = bench.merchant();
        Server server = merchant.server();
        Bench.awaitCaughtUp(server);
        int all = merchant.ids().size();
        try (Connection connection = server.connectToViews()) {
            String table = Floor.live(connection, "customer_list");
            String of = " FROM " + table + " WHERE merchant_id = '" + Floor.merchantId(connection, server.key()) + "'";
            whole(bench, server, "whole list", "/customers/list", all, "SELECT record" + of);
            String rare = "/customers/list?customer_status_lookups_id=" + Customers.RARE.id();
            String ofRare = of + " AND status = "
                    + number(
                            connection,
                            "SELECT status" + of + " AND record LIKE '%" + Customers.RARE.id() + "%' LIMIT 1");
            int rows = Math.toIntExact(number(connection, "SELECT count(*)" + ofRare));
            whole(bench, server, "1 % by status", rare, rows, "SELECT record" + ofRare);
            String ofMost = of + " AND status = "
                    + number(connection, "SELECT status" + of + " GROUP BY status ORDER BY count(*) DESC LIMIT 1");
            String inOrder = " ORDER BY rank, customer_id LIMIT ";
            page(bench, server, "first page of " + PAGE, "", "SELECT record" + ofMost + inOrder + PAGE);
            long middle = number(
                    connection, "SELECT rank" + ofMost + " ORDER BY rank, customer_id OFFSET " + all / 2 + " LIMIT 1");
            page(
                    bench,
                    server,
                    "page of " + PAGE + " in the middle",
                    "&cursor=" + cursor(server, all / 2),
                    "SELECT record" + ofMost + " AND rank >= " + middle + inOrder + PAGE);
        }
        bench.report()
                .note(
                        "Floor of the lists: COPY of their ready JSON to nowhere over JDBC, in no order; of a page: a prepared"
                                + " SELECT along the index, of one status only.");
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Where the page behind that many customers begins. */
    private static String cursor(Server server, int behind) throws IOException {
        String cursor = "";
        try (Wire wire = server.wire()) {
            for (int rows = 0; rows < behind; rows += LARGE_PAGE) {
                String page = wire.text(
                        "/customers/list?limit=" + LARGE_PAGE + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
                Matcher next = NEXT.matcher(page);
                PlayFailure.unless(next.find(), () -> "a page in the middle names no next one");
                cursor = URLEncoder.encode(next.group(1), StandardCharsets.UTF_8);
            }
        }
        return cursor;
    }

    private static void whole(Bench bench, Server server, String name, String target, int rows, String query)
            throws Exception {
        try (Wire wire = server.wire()) {
            Occurrences ids = new Occurrences("\"id\":\"cus_");
            wire.get(target, ids);
            PlayFailure.unless(ids.count() == rows, () -> "%d rows are listed of %d".formatted(ids.count(), rows));
        }
        Loop.warmUp(bench, 1, connection -> new Reading(server, target, new Latencies(), new AtomicLong()));
        Latencies firstBytes = new Latencies();
        AtomicLong bytes = new AtomicLong();
        Measured measured = Loop.run(
                bench, 1, bench.options().duration(), connection -> new Reading(server, target, firstBytes, bytes));
        AtomicLong copied = new AtomicLong();
        Measured lowest = Loop.run(bench, 1, bench.options().duration(), connection -> new Loop.Turn() {
            private final Connection own = server.connectToViews();

            @Override
            public boolean run() throws SQLException, IOException {
                copied.addAndGet(Floor.copyOut(own, query));
                return true;
            }

            @Override
            public void close() throws SQLException {
                own.close();
            }
        });
        Report report = bench.report();
        String what = "%s, %,d rows".formatted(name, rows);
        report.row(
                what,
                Figure.bytesPerSecond(bytes.get() / (measured.time().toNanos() / 1e9)),
                Figure.bytesPerSecond(copied.get() / (lowest.time().toNanos() / 1e9)));
        report.row(
                what + ": rows",
                Figure.perSecond(measured.perSecond() * rows, "rows"),
                Figure.perSecond(lowest.perSecond() * rows, "rows"));
        report.row(what + ": first byte, p50", Figure.time(firstBytes.perMille(500)), null);
        WriteScenarios.latencies(report, what, measured, lowest);
    }

    private static void page(Bench bench, Server server, String name, String cursor, String query) throws Exception {
        String target = "/customers/list?limit=" + PAGE + cursor;
        Loop.warmUp(bench, 1, connection -> new Reading(server, target, new Latencies(), new AtomicLong()));
        selected(bench, server, name, target, query);
    }

    /** A read of some rows beside a prepared statement that selects them. */
    private static void selected(Bench bench, Server server, String name, String target, String query)
            throws Exception {
        Measured measured = Loop.run(
                bench,
                1,
                bench.options().duration(),
                connection -> new Reading(server, target, new Latencies(), new AtomicLong()));
        Measured lowest = Loop.run(
                bench, 1, bench.options().duration(), connection -> new Selecting(server.connectToViews(), query));
        Report report = bench.report();
        report.row(
                name,
                Figure.perSecond(measured.perSecond(), "requests"),
                Figure.perSecond(lowest.perSecond(), "requests"));
        WriteScenarios.latencies(report, name, measured, lowest);
    }

    static void history(Bench bench) throws Exception {
        Server server = bench.merchant().server();
        Server changed = bench.another(bench.server(), "changers");
        try (Wire wire = changed.wire();
                Connection connection = server.connectToViews()) {
            for (int changes : CHANGES) {
                List<String> id = Customers.ids(Bench.posted(
                        wire, "/customers/create", bench.customers().create(1)));
                for (int i = 1; i < changes; i++) {
                    Bench.posted(wire, "/customers/update", bench.customers().update(id));
                }
                Bench.awaitCaughtUp(changed);
                String target = "/customers/" + id.get(0) + "/history";
                Occurrences told = new Occurrences("\"number\":");
                wire.get(target, told);
                PlayFailure.unless(
                        told.count() == changes, () -> "%d changes are told of %d".formatted(told.count(), changes));
                Loop.warmUp(bench, 1, each -> new Reading(changed, target, new Latencies(), new AtomicLong()));
                String entries = Floor.live(connection, "customer_versions")
                        .replace("customer_versions_", "customer_versions_events_");
                selected(
                        bench,
                        changed,
                        "history of %,d changes".formatted(changes),
                        target,
                        "SELECT told FROM " + entries + Floor.whereCustomer("'" + id.get(0) + "'")
                                + " ORDER BY sequence");
            }
        }
        bench.report().note("Floor: a prepared SELECT of the entries as the view has them.");
    }

    /** One connection that reads the same again and again. */
    private static final class Reading implements Loop.Turn {

        private final Wire wire;
        private final String target;
        private final Latencies firstBytes;
        private final AtomicLong bytes;

        Reading(Server server, String target, Latencies firstBytes, AtomicLong bytes) throws IOException {
            this.wire = server.wire();
            this.target = target;
            this.firstBytes = firstBytes;
            this.bytes = bytes;
        }

        @Override
        public boolean run() throws IOException {
            Wire.Answer answer = wire.get(target, Wire.Sink.NONE);
            if (answer.isUnavailable()) {
                return false;
            }
            firstBytes.add(answer.firstByte());
            bytes.addAndGet(answer.bytes());
            return true;
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    /** One connection that selects the same again and again. */
    private static final class Selecting implements Loop.Turn {

        private final Connection connection;
        private final PreparedStatement statement;
        private final List<String> taken = new ArrayList<>();

        Selecting(Connection connection, String query) throws SQLException {
            this.connection = connection;
            this.statement = connection.prepareStatement(query);
        }

        @Override
        public boolean run() throws SQLException {
            taken.clear();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    taken.add(rows.getString(1));
                }
            }
            return true;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}

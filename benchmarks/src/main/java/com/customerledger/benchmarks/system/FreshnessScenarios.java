package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.system.Bench.Server;
import com.customerledger.benchmarks.system.Loop.Measured;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Latencies;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How soon what was written can be read. */
final class FreshnessScenarios {

    private static final int WRITERS = 4;
    private static final int NEWEST = 10;
    private static final Duration SEEN_MAX = Duration.ofSeconds(30);

    private FreshnessScenarios() {}

    static void visibility(Bench bench) throws Exception {
        Server writers = bench.merchant().server();
        Server watched = bench.another(bench.server(), "watched");
        bench.fill(watched, Math.min(bench.options().customers(), Options.BATCH));
        Loop.warmUp(bench, 1, connection -> new Seeing(bench, watched, new Latencies(), new AtomicInteger()));
        Loop.warmUp(bench, WRITERS, bench.creates(writers, 1));
        seen(bench, watched, "idle");
        try (Crew busy = load(bench, writers, 0)) {
            seen(bench, watched, "beside %d writers".formatted(WRITERS));
            busy.stop();
        }
        Bench.awaitCaughtUp(watched);
        bench.report()
                .note(
                        "A customer is created on one connection, and the %d newest are listed on another until it is among them."
                                .formatted(NEWEST));
        bench.report()
                .note("Floor: one row of the same bytes inserted and committed on one connection,"
                        + " and the newest row read on another, beside the same writers.");
    }

    private static void seen(Bench bench, Server watched, String when) throws Exception {
        Latencies reads = new Latencies();
        AtomicInteger extra = new AtomicInteger();
        Measured lowest = Loop.run(bench, 1, bench.options().duration(), connection -> new Found(watched));
        Measured measured =
                Loop.run(bench, 1, bench.options().duration(), connection -> new Seeing(bench, watched, reads, extra));
        Report report = bench.report();
        WriteScenarios.latencies(report, "created and seen, " + when, measured, lowest);
        report.row("the read of it, " + when + ": p50", Figure.time(reads.perMille(500)), null);
        report.row("the read of it, " + when + ": p99", Figure.time(reads.perMille(990)), null);
        report.row(
                "reads that did not have it yet, " + when, Figure.count(extra.get(), "of " + measured.count()), null);
    }

    static void lag(Bench bench) throws Exception {
        Server server = bench.merchant().server();
        Loop.warmUp(bench, WRITERS, bench.creates(server, 1));
        Measured full = Loop.run(bench, WRITERS, bench.options().duration().dividedBy(2), bench.creates(server, 1));
        Bench.awaitCaughtUp(server);
        lag(bench, server, "idle");
        double half = full.perSecond() / 2;
        try (Crew busy = load(bench, server, half)) {
            lag(bench, server, "beside %,.0f creates/s, half of what %d writers can".formatted(half, WRITERS));
            busy.stop();
        }
        bench.report()
                .note(
                        "From the acknowledgement of a create until the customer is in the table of the live list, asked for by"
                                + " its id over JDBC again and again; the floor is the one such SELECT that finds it. A strong read is sent"
                                + " right after the acknowledgement of another create.");
    }

    private static void lag(Bench bench, Server server, String when) throws Exception {
        Latencies arrivals = new Latencies();
        Latencies strong = new Latencies();
        Latencies selects = new Latencies();
        Loop.run(bench, 1, bench.options().duration(), connection -> new Arriving(bench, server, arrivals, selects));
        Loop.run(bench, 1, bench.options().duration(), connection -> new ReadingBack(bench, server, strong));
        Report report = bench.report();
        for (int part : new int[] {500, 990}) {
            String quantile = ": p" + part / 10;
            report.row(
                    "from the commit to the list, " + when + quantile,
                    Figure.time(arrivals.perMille(part)),
                    Figure.time(selects.perMille(part)));
            report.row(
                    "strong read after it, " + when + quantile,
                    Figure.time(strong.perMille(part)),
                    Figure.time(selects.perMille(part)));
        }
    }

    /**
     * Writers that go on until the crew is stopped.
     *
     * @param perSecond how many requests all of them send a second, or 0 for as many as they can
     */
    private static Crew load(Bench bench, Server server, double perSecond) {
        Crew crew = new Crew(bench.stage());
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            crew.start("writer", () -> {
                try (Loop.Turn turn = bench.creates(server, 1).open(writer)) {
                    long start = System.nanoTime();
                    for (long sent = 1; crew.goesOn(); sent++) {
                        turn.run();
                        if (perSecond > 0) {
                            // What was late is made up for, so that the rate is kept on average.
                            Duration due = Duration.ofNanos((long) (sent * 1e9 * WRITERS / perSecond));
                            Duration early = due.minus(Waiting.since(start));
                            if (!early.isNegative()) {
                                Thread.sleep(early.toMillis(), early.toNanosPart() % 1_000_000);
                            }
                        }
                    }
                }
            });
        }
        return crew;
    }

    private static String created(Bench bench, Wire wire) throws IOException, InterruptedException {
        return Customers.ids(Bench.posted(
                        wire, "/customers/create", bench.customers().create(1)))
                .get(0);
    }

    /** Creates a customer, and lists the newest on another connection until it is there. */
    private static final class Seeing implements Loop.Turn {

        private final Bench bench;
        private final Wire writing;
        private final Wire reading;
        private final Latencies reads;
        private final AtomicInteger extra;

        Seeing(Bench bench, Server watched, Latencies reads, AtomicInteger extra) throws IOException {
            this.bench = bench;
            this.writing = watched.wire();
            this.reading = watched.wire();
            this.reads = reads;
            this.extra = extra;
        }

        @Override
        public boolean run() throws IOException, InterruptedException {
            String id = created(bench, writing);
            long start = System.nanoTime();
            while (true) {
                long read = System.nanoTime();
                boolean isThere =
                        reading.text("/customers/list?limit=" + NEWEST).contains(id);
                reads.add(Waiting.since(read));
                if (isThere) {
                    return true;
                }
                extra.incrementAndGet();
                PlayFailure.unless(
                        Waiting.since(start).compareTo(SEEN_MAX) < 0, () -> "a created customer is not listed");
            }
        }

        @Override
        public void close() throws IOException {
            writing.close();
            reading.close();
        }
    }

    /** One row inserted on one connection and found on another. */
    private static final class Found implements Loop.Turn {

        private final Loop.Turn inserting;
        private final Connection finding;
        private final PreparedStatement newest;

        Found(Server server) throws Exception {
            inserting = Floor.on(server.database(), WriteScenarios.CREATED)
                    .inserts()
                    .open(0);
            finding = server.connect();
            newest = finding.prepareStatement("SELECT payload FROM bench.events ORDER BY position DESC LIMIT 1");
        }

        @Override
        public boolean run() throws Exception {
            inserting.run();
            try (ResultSet row = newest.executeQuery()) {
                return row.next();
            }
        }

        @Override
        public void close() throws IOException, SQLException {
            inserting.close();
            finding.close();
        }
    }

    /** Creates a customer, and asks the list's own table for it until it is there. */
    private static final class Arriving implements Loop.Turn {

        private final Bench bench;
        private final Wire wire;
        private final Connection connection;
        private final PreparedStatement statement;
        private final Latencies arrivals;
        private final Latencies selects;

        Arriving(Bench bench, Server server, Latencies arrivals, Latencies selects) throws IOException, SQLException {
            this.bench = bench;
            this.wire = server.wire();
            this.connection = server.connectToViews();
            this.statement = connection.prepareStatement(
                    "SELECT 1 FROM " + Floor.live(connection, "customer_list") + Floor.whereCustomer("?"));
            this.arrivals = arrivals;
            this.selects = selects;
        }

        @Override
        public boolean run() throws IOException, InterruptedException, SQLException {
            String id = created(bench, wire);
            statement.setString(1, id);
            statement.setString(2, id);
            long start = System.nanoTime();
            while (true) {
                long select = System.nanoTime();
                boolean isThere;
                try (ResultSet row = statement.executeQuery()) {
                    isThere = row.next();
                }
                if (isThere) {
                    selects.add(Waiting.since(select));
                    arrivals.add(Waiting.since(start));
                    return true;
                }
                PlayFailure.unless(
                        Waiting.since(start).compareTo(SEEN_MAX) < 0, () -> "a created customer is not in the list");
            }
        }

        @Override
        public void close() throws IOException, SQLException {
            wire.close();
            connection.close();
        }
    }

    /** Creates a customer, and reads it at once. */
    private static final class ReadingBack implements Loop.Turn {

        private final Bench bench;
        private final Wire wire;
        private final Latencies reads;

        ReadingBack(Bench bench, Server server, Latencies reads) throws IOException {
            this.bench = bench;
            this.wire = server.wire();
            this.reads = reads;
        }

        @Override
        public boolean run() throws IOException, InterruptedException {
            String id = created(bench, wire);
            long start = System.nanoTime();
            if (wire.get("/customers/" + id + "?consistency=strong", Wire.Sink.NONE)
                    .isUnavailable()) {
                return false;
            }
            reads.add(Waiting.since(start));
            return true;
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }
}

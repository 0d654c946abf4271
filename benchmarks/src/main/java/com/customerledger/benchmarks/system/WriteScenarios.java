package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.system.Bench.Merchant;
import com.customerledger.benchmarks.system.Bench.Server;
import com.customerledger.benchmarks.system.Loop.Measured;
import com.customerledger.benchmarks.system.Loop.Opening;
import com.customerledger.gateway.stage.PlayFailure;
import java.time.Duration;
import java.util.List;

/** Writes, one record a request or many. Floors write the same events' bytes and nothing else. */
final class WriteScenarios {

    static final String CREATED = "CustomerCreated";
    static final String UPDATED = "CustomerUpdated";

    private static final List<Integer> CREATORS = List.of(1, 8, 32);
    private static final List<Integer> UPDATERS = List.of(8, 32);
    private static final List<Integer> CREATED_AT_ONCE = List.of(100, 1_000);
    private static final int UPDATED_AT_ONCE = 500;
    private static final int WARM_UP_CONNECTIONS = 8;

    private WriteScenarios() {}

    static void create(Bench bench) throws Exception {
        Server server = bench.merchant().server();
        Floor floor = Floor.on(server.database(), CREATED);
        Loop.warmUp(bench, WARM_UP_CONNECTIONS, bench.creates(server, 1));
        for (int connections : CREATORS) {
            single(bench, server, "create", connections, bench.creates(server, 1), floor.inserts());
        }
        bench.report()
                .note("Floor: one row of the same bytes a commit, into a table with the same indexes,"
                        + " as many connections.");
    }

    static void update(Bench bench) throws Exception {
        Merchant merchant = bench.merchant();
        Server server = merchant.server();
        List<String> ids = merchant.ids();
        Loop.warmUp(bench, WARM_UP_CONNECTIONS, bench.updates(server, ids, WARM_UP_CONNECTIONS, 1));
        Floor floor = Floor.on(server.database(), UPDATED);
        for (int connections : UPDATERS) {
            single(bench, server, "update", connections, bench.updates(server, ids, connections, 1), floor.updates());
        }
        bench.report()
                .note("Floor: a customer's rows read by its id and one more inserted, in one transaction, as many"
                        + " connections.");
    }

    private static void single(
            Bench bench, Server server, String what, int connections, Opening requests, Opening least)
            throws Exception {
        Measured lowest = Loop.run(bench, connections, bench.options().duration(), least);
        Measured measured = Loop.run(bench, connections, bench.options().duration(), requests);
        Duration behind = Bench.awaitCaughtUp(server);
        String name = what + ", " + connections + (connections == 1 ? " connection" : " connections");
        Report report = bench.report();
        report.row(
                name + ": acknowledged",
                Figure.perSecond(measured.perSecond(), "requests"),
                Figure.perSecond(lowest.perSecond(), "requests"));
        latencies(report, name, measured, lowest);
        use(report, name, measured);
        report.row(name + ": until every view had all", Figure.time(behind), null);
        putOff(report, name, measured);
    }

    /** The times of answers beside those of the floor. */
    static void latencies(Report report, String name, Measured measured, Measured lowest) {
        report.row(
                name + ": p50",
                Figure.time(measured.latencies().perMille(500)),
                Figure.time(lowest.latencies().perMille(500)));
        report.row(
                name + ": p99",
                Figure.time(measured.latencies().perMille(990)),
                Figure.time(lowest.latencies().perMille(990)));
    }

    private static void use(Report report, String name, Measured measured) {
        if (measured.serverMicros() > 0) {
            report.row(
                    name + ": processors' time of the server, a request", Figure.micros(measured.serverMicros()), null);
            report.row(
                    name + ": processors' time of PostgreSQL, a request",
                    Figure.micros(measured.postgresMicros()),
                    null);
        }
    }

    private static void putOff(Report report, String name, Measured measured) {
        if (measured.putOff() > 0) {
            report.row(name + ": answered 503", Figure.count(measured.putOff(), "requests"), null);
        }
    }

    static void batch(Bench bench) throws Exception {
        Merchant merchant = bench.merchant();
        Server server = merchant.server();
        Loop.warmUp(bench, 1, bench.creates(server, Options.BATCH));
        Floor created = Floor.on(server.database(), CREATED);
        for (int records : CREATED_AT_ONCE) {
            batch(bench, server, "create", records, bench.creates(server, records), created.copies(records));
        }
        List<String> ids = merchant.ids();
        int records = Math.min(UPDATED_AT_ONCE, ids.size());
        Opening updates = bench.updates(server, ids, 1, records);
        Loop.warmUp(bench, 1, updates);
        Floor updated = Floor.on(server.database(), UPDATED);
        batch(bench, server, "update", records, updates, updated.copies(records));
        bench.report()
                .note(
                        "Floor: as many rows of the same bytes by one COPY a commit, into a table with the same indexes.");
    }

    private static void batch(Bench bench, Server server, String what, int records, Opening requests, Opening least)
            throws Exception {
        Bench.awaitCaughtUp(server);
        Measured lowest = Loop.run(bench, 1, bench.options().duration(), least);
        Measured measured = Loop.run(bench, 1, bench.options().duration(), requests);
        PlayFailure.unless(measured.count() > 0, () -> "no batch was taken");
        Duration behind = Bench.awaitCaughtUp(server);
        String name = "%s %d at once".formatted(what, records);
        Report report = bench.report();
        Figure floor = Figure.perSecond(lowest.perSecond() * records, "customers");
        report.row(name + ": acknowledged", Figure.perSecond(measured.perSecond() * records, "customers"), floor);
        double seconds = measured.time().plus(behind).toNanos() / 1e9;
        report.row(
                name + ": acknowledged and in every view",
                Figure.perSecond(measured.count() * (double) records / seconds, "customers"),
                floor);
        latencies(report, name, measured, lowest);
        putOff(report, name, measured);
    }
}

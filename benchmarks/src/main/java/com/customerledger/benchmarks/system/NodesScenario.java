package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.system.Bench.Server;
import com.customerledger.benchmarks.system.Loop.Measured;
import com.customerledger.gateway.stage.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One, two and three nodes on one PostgreSQL, which share the machine with it. */
final class NodesScenario {

    private static final String MERCHANT = "bench";
    private static final String ROLES = "command,query";
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final int CONNECTIONS = 32;
    private static final int PAGE = 100;

    private NodesScenario() {}

    static void run(Bench bench) throws Exception {
        bench.endServer();
        Cluster cluster = Cluster.start(bench.stage(), List.of(MERCHANT));
        List<Server> nodes = new ArrayList<>();
        List<String> ids = List.of();
        for (String name : NAMES) {
            Server node = new Server(
                    cluster.nodes(Map.of(name, ROLES)).values().iterator().next(),
                    cluster.database(),
                    cluster.key(MERCHANT));
            nodes.add(node);
            if (nodes.size() == 1) {
                ids = bench.fill(node, bench.options().customers());
            }
            measure(bench, List.copyOf(nodes), ids);
        }
        for (Server node : nodes) {
            node.node().process().terminate(false);
        }
        cluster.holder().terminate(false);
        bench.report()
                .note(
                        ("%d connections, spread evenly over the nodes. Floors: one row of the same bytes a commit; a customer's"
                                        + " rows read by its id and one more inserted; as many connections.")
                                .formatted(CONNECTIONS));
    }

    private static void measure(Bench bench, List<Server> nodes, List<String> ids) throws Exception {
        Duration duration = bench.options().duration();
        Loop.Opening creates = connection ->
                bench.creates(nodes.get(connection % nodes.size()), 1).open(connection);
        Loop.warmUp(bench, CONNECTIONS, creates);
        Measured lowest = Loop.run(
                bench,
                CONNECTIONS,
                duration,
                Floor.on(nodes.get(0).database(), WriteScenarios.CREATED).inserts());
        Measured created = Loop.run(bench, CONNECTIONS, duration, creates);
        Duration behind = Bench.awaitCaughtUp(nodes.get(0));
        Loop.Opening pages = connection -> new Loop.Turn() {
            private final Wire wire = nodes.get(connection % nodes.size()).wire();

            @Override
            public boolean run() throws IOException {
                return !wire.get("/customers/list?limit=" + PAGE, Wire.Sink.NONE)
                        .isUnavailable();
            }

            @Override
            public void close() throws IOException {
                wire.close();
            }
        };
        Loop.Opening updates = connection -> bench.updates(nodes.get(connection % nodes.size()), ids, CONNECTIONS, 1)
                .open(connection);
        Loop.warmUp(bench, CONNECTIONS, updates);
        Measured leastOfUpdates = Loop.run(
                bench,
                CONNECTIONS,
                duration,
                Floor.on(nodes.get(0).database(), WriteScenarios.UPDATED).updates());
        Measured updated = Loop.run(bench, CONNECTIONS, duration, updates);
        Bench.awaitCaughtUp(nodes.get(0));
        Loop.warmUp(bench, CONNECTIONS, pages);
        Measured read = Loop.run(bench, CONNECTIONS, duration, pages);
        String name = nodes.size() == 1 ? "one node" : nodes.size() + " nodes";
        Report report = bench.report();
        report.row(
                name + ": creates",
                Figure.perSecond(created.perSecond(), "requests"),
                Figure.perSecond(lowest.perSecond(), "requests"));
        WriteScenarios.latencies(report, name + ": creates", created, lowest);
        report.row(name + ": until every view had all", Figure.time(behind), null);
        report.row(
                name + ": updates",
                Figure.perSecond(updated.perSecond(), "requests"),
                Figure.perSecond(leastOfUpdates.perSecond(), "requests"));
        WriteScenarios.latencies(report, name + ": updates", updated, leastOfUpdates);
        report.row(name + ": pages of " + PAGE, Figure.perSecond(read.perSecond(), "requests"), null);
        report.row(
                name + ": pages of " + PAGE + ": p99",
                Figure.time(read.latencies().perMille(990)),
                null);
    }
}

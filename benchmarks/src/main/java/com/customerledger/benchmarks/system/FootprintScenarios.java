package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.system.Bench.Server;
import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Latencies;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What a ledger takes of a machine: time to start, memory, disk. */
final class FootprintScenarios {

    private static final int STARTS = 5;
    private static final int REQUESTS = 10_000;
    private static final int CONNECTIONS = 8;
    private static final int UPDATES = 2;
    private static final int UPDATED_AT_ONCE = 500;

    /** The Java machine looks every ten seconds whether it can give memory back. */
    private static final int IDLE_DURATIONS = 3;

    private static final String SIZES = """
            SELECT n.nspname || '.' || c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid)
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r'
               AND n.nspname IN ('ledger', 'views', 'seal', 'gateway')
             ORDER BY 1
            """;

    private static final String OWN_BYTES = """
            SELECT sum(octet_length(payload) + octet_length(metadata)) FROM ledger.events
            """;

    private FootprintScenarios() {}

    static void start(Bench bench) throws Exception {
        bench.endServer();
        Stage stage = bench.stage();
        Path directory = stage.newDirectory("start");
        long begin = System.nanoTime();
        Node node = stage.startNode("start", directory);
        node.awaitUp();
        node.demo().get("/customers/list?limit=1").ok();
        Duration first = Waiting.since(begin);
        Latencies warm = new Latencies();
        Latencies java = new Latencies();
        for (int i = 0; i < STARTS; i++) {
            node.process().terminate(false);
            begin = System.nanoTime();
            node.startAgain();
            Waiting.until(
                    "an answered request",
                    Node.START_MAX,
                    () -> node.demo().get("/customers/list?limit=1").status() == 200);
            warm.add(Waiting.since(begin));
            java.add(bareJava());
        }
        Report report = bench.report();
        Figure least = Figure.time(java.perMille(500));
        report.row("first start, to the first answered request", Figure.time(first), least);
        report.row("warm start, median of %d".formatted(STARTS), Figure.time(warm.perMille(500)), least);
        report.row("warm start, slowest", Figure.time(warm.perMille(1_000)), least);
        memory(bench, node);
        node.process().terminate(false);
        report.note("Floor: a Java machine that starts and ends.");
    }

    private static Duration bareJava() throws IOException, InterruptedException {
        String java = ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("which java runs is hidden"));
        long begin = System.nanoTime();
        new ProcessBuilder(java, "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return Waiting.since(begin);
    }

    private static void memory(Bench bench, Node node) throws Exception {
        Report report = bench.report();
        long pid = node.process().pid();
        try {
            report.row("memory of the server when it has started", Figure.megabytes(Use.residentBytes(pid)), null);
        } catch (IOException notTold) {
            report.note("This system does not tell how much memory a process has.");
            return;
        }
        String key = Files.readString(node.directory().resolve(DataDirectory.DEMO_CREDENTIALS));
        Server server = new Server(node, Stage.database(node.directory()), key.strip());
        AtomicInteger left = new AtomicInteger(REQUESTS);
        AtomicInteger ended = new AtomicInteger();
        try (Crew crew = new Crew(bench.stage())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                int connection = i;
                crew.start("requests", () -> {
                    try (Loop.Turn turn = bench.creates(server, 1).open(connection)) {
                        while (crew.goesOn() && left.getAndDecrement() > 0) {
                            turn.run();
                        }
                    }
                    ended.incrementAndGet();
                });
            }
            crew.workUntil("the requests to be answered", Duration.ofMinutes(15), () -> ended.get() == CONNECTIONS);
        }
        String after = "memory of the server after %,d creates".formatted(REQUESTS);
        report.row(after, Figure.megabytes(Use.residentBytes(pid)), null);
        Thread.sleep(bench.options().duration().multipliedBy(IDLE_DURATIONS).toMillis());
        report.row(after + ", idle since", Figure.megabytes(Use.residentBytes(pid)), null);
        report.row(
                "memory of the server, its most",
                Figure.megabytes(node.process().peakMemoryBytes()),
                null);
    }

    static void size(Bench bench) throws Exception {
        Server server = bench.start("size");
        int customers = bench.options().customers();
        try (Connection connection = server.connect()) {
            Bench.settle(server);
            Stored before = stored(connection);
            List<String> ids = bench.fill(server, customers);
            Stored one = stored(connection);
            tell(bench, "one event", before, one, customers, ownBytes(connection));
            try (Wire wire = server.wire()) {
                for (int round = 0; round < UPDATES; round++) {
                    for (int i = 0; i < ids.size(); i += UPDATED_AT_ONCE) {
                        List<String> part = ids.subList(i, Math.min(ids.size(), i + UPDATED_AT_ONCE));
                        Bench.posted(
                                wire, "/customers/update", bench.customers().update(part));
                    }
                }
            }
            Bench.awaitCaughtUp(server);
            Bench.settle(server);
            tell(bench, "three events", before, stored(connection), customers, ownBytes(connection));
        }
        server.node().process().terminate(false);
        bench.report().note("Floor: the bytes of the events' own JSON.");
        bench.report()
                .note(
                        "A customer was created, then changed twice, each time one of its fields. Vacuumed before it was measured;"
                                + " tables and indexes grow by whole pages, so a small store has some of them half empty.");
    }

    /** Bytes of each relation, a table's indexes under a name of their own. */
    private record Stored(long database, long writtenAhead, Map<String, Long> relations) {}

    private static Stored stored(Connection connection) throws SQLException {
        Map<String, Long> relations = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SIZES)) {
            while (rows.next()) {
                relations.put(rows.getString(1), rows.getLong(2));
                relations.put("indexes of " + rows.getString(1), rows.getLong(3));
            }
        }
        return new Stored(
                WholeStoreScenarios.number(connection, "SELECT pg_database_size(current_database())"),
                WholeStoreScenarios.number(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"),
                relations);
    }

    private static long ownBytes(Connection connection) throws SQLException {
        return WholeStoreScenarios.number(connection, OWN_BYTES);
    }

    private static void tell(Bench bench, String name, Stored before, Stored now, int customers, long own) {
        Report report = bench.report();
        Figure least = Figure.bytes(own / (double) customers);
        report.row(
                name + ": database, a customer",
                Figure.bytes((now.database - before.database) / (double) customers),
                least);
        report.row(
                name + ": written ahead (WAL), a customer",
                Figure.bytes((now.writtenAhead - before.writtenAhead) / (double) customers),
                least);
        now.relations.forEach((relation, bytes) -> {
            long grown = bytes - before.relations.getOrDefault(relation, 0L);
            double each = grown / (double) customers;
            if (each >= 1) {
                report.row(name + ": " + relation, Figure.bytes(each), null);
            }
        });
    }
}

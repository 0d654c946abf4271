package com.customerledger.benchmarks.system;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.LedgerProcess;
import com.customerledger.gateway.stage.MadeKey;
import com.customerledger.gateway.stage.Node;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What scenarios share: one server with its own PostgreSQL, started when first asked for, and on it a merchant with as many
 * customers as were asked for, of whom one of a hundred has a rare status. For one thread to lead.
 */
final class Bench {

    private static final Duration CAUGHT_UP_MAX = Duration.ofMinutes(30);
    private static final Duration PUT_OFF_MAX = Duration.ofSeconds(60);
    private static final long PUT_OFF_MS = 100;
    private static final Duration CREATED_MAX = Duration.ofHours(1);
    private static final Duration CHANGED_MAX = Duration.ofHours(2);
    private static final int FILLERS = 2;

    // Each position moves by a new row.
    private static final String BEHIND = """
            SELECT count(*)
              FROM views.generations g
             WHERE g.state = 'live'
               AND (SELECT max(p.position) FROM views.positions p WHERE p.generation_id = g.id)
                 < (SELECT max(e.position) FROM ledger.events e)
            """;

    private final Stage stage;
    private final Options options;
    private final Report report;
    private final Customers customers = new Customers();
    private @Nullable Server server;
    private @Nullable Merchant merchant;

    Bench(Stage stage, Options options, Report report) {
        this.stage = stage;
        this.options = options;
        this.report = report;
    }

    /** A server, and the key of a merchant of its own. */
    record Server(Node node, LedgerDatabase database, String key) {

        Wire wire() throws IOException {
            return new Wire(node.port(), key);
        }

        /** A connection as the role that owns the events; the caller closes it. */
        Connection connect() throws SQLException {
            return Stage.connect(database, database.owner());
        }

        /** A connection as the role that reads, and that owns the views; the caller closes it. */
        Connection connectToViews() throws SQLException {
            return Stage.connect(database, database.application());
        }
    }

    /** A merchant and all its customers' ids. */
    record Merchant(Server server, List<String> ids) {}

    Stage stage() {
        return stage;
    }

    Options options() {
        return options;
    }

    Report report() {
        return report;
    }

    Customers customers() {
        return customers;
    }

    /** The shared server, as a merchant that may write what it likes. */
    Server server() throws IOException, InterruptedException {
        Server running = server;
        if (running == null) {
            running = start("server");
            server = running;
        }
        return running;
    }

    /** Ends the shared server, where one runs, so that it takes nothing of the machine; the next to ask gets a new one. */
    void endServer() throws IOException, InterruptedException {
        Server running = server;
        server = null;
        merchant = null;
        if (running != null) {
            running.node().process().terminate(false);
        }
    }

    /** A server that is the caller's alone. */
    Server start(String name) throws IOException, InterruptedException {
        Node node = stage.startNode(name, stage.newDirectory(name));
        node.awaitUp();
        return new Server(node, Stage.database(node.directory()), MadeKey.of(stage, node.directory(), "writers"));
    }

    /** Another merchant on that server. */
    Server another(Server server, String merchantName) throws IOException, InterruptedException {
        return new Server(
                server.node(),
                server.database(),
                MadeKey.of(stage, server.node().directory(), merchantName));
    }

    /** The merchant with as many customers as were asked for; nobody adds any to it. */
    Merchant merchant() throws Exception {
        Merchant filled = merchant;
        if (filled == null) {
            Server of = another(server(), "readers");
            filled = new Merchant(of, fill(of, options.customers()));
            merchant = filled;
            if (options.changes() > 0) {
                change(filled);
            }
        }
        return filled;
    }

    /** Processors' time so far of the shared server, where it runs. */
    Use use() {
        Server running = server;
        return running == null
                ? new Use(false, 0, 0, 0)
                : Use.now(running.node().process());
    }

    /**
     * Creates so many customers, in batches, waits until every view has them, and has the database do what it would do by
     * itself some minutes later, in the middle of what is measured.
     */
    List<String> fill(Server of, int count) throws Exception {
        stage.say("creating %,d customers".formatted(count));
        List<String> ids = Collections.synchronizedList(new ArrayList<>(count));
        inBatches(of, count, CREATED_MAX, (wire, from, to) -> {
            byte[] body = customers.create(to - from);
            ids.addAll(Customers.ids(posted(wire, "/customers/create", body)));
        });
        PlayFailure.unless(
                ids.size() == count, () -> "%d customers were to be created, not %d".formatted(count, ids.size()));
        awaitCaughtUp(of);
        settle(of);
        return ids;
    }

    /** Changes each customer as often as was asked for, one batch after the other, and lets all settle as {@link #fill} does. */
    private void change(Merchant of) throws Exception {
        stage.say("changing each of them %,d times".formatted(options.changes()));
        inBatches(of.server(), of.ids().size(), CHANGED_MAX, (wire, from, to) -> {
            // A crew that is given up is interrupted.
            for (int change = 0;
                    change < options.changes() && !Thread.currentThread().isInterrupted();
                    change++) {
                posted(wire, "/customers/update", customers.update(of.ids().subList(from, to)));
            }
        });
        awaitCaughtUp(of.server());
        settle(of.server());
    }

    /** Writes some of many records. */
    @FunctionalInterface
    private interface BatchWriter {
        void write(Wire wire, int from, int to) throws IOException, InterruptedException;
    }

    /** Writes so many records on a few connections, of which each takes the next batch when it is done with one. */
    private void inBatches(Server of, int count, Duration max, BatchWriter writer) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (Crew crew = new Crew(stage)) {
            for (int i = 0; i < FILLERS; i++) {
                crew.start("fill", () -> {
                    try (Wire wire = of.wire()) {
                        int from = taken.getAndAdd(Options.BATCH);
                        while (crew.goesOn() && from < count) {
                            writer.write(wire, from, Math.min(from + Options.BATCH, count));
                            from = taken.getAndAdd(Options.BATCH);
                        }
                    }
                    ended.incrementAndGet();
                });
            }
            crew.workUntil("all customers to be written", max, () -> ended.get() == FILLERS);
        }
    }

    /** Sends a write that may be put off, as on a machine that has much else to do, until it is taken; the answer's text. */
    static String posted(Wire wire, String target, byte[] body) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            if (!wire.post(target, body, answer::write).isUnavailable()) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            PlayFailure.unless(
                    Waiting.since(start).compareTo(PUT_OFF_MAX) < 0, () -> "a write is put off again and again");
            Thread.sleep(PUT_OFF_MS);
        }
    }

    /** Vacuums everything, so that it does not fall into a measurement; each role what it owns. */
    static void settle(Server of) throws SQLException {
        for (Role each : List.of(of.database().owner(), of.database().application())) {
            try (Connection connection = Stage.connect(of.database(), each);
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM (ANALYZE)");
            }
        }
    }

    /**
     * Waits until every view has every event, as the database tells it: asking the server would keep it from its work.
     *
     * @return how long that took
     */
    static Duration awaitCaughtUp(Server of) throws SQLException, InterruptedException {
        try (Connection connection = of.connectToViews();
                PreparedStatement statement = connection.prepareStatement(BEHIND)) {
            return Waiting.until("the views to catch up", CAUGHT_UP_MAX, () -> isCaughtUp(statement));
        }
    }

    private static boolean isCaughtUp(PreparedStatement behind) throws IOException {
        try (ResultSet row = behind.executeQuery()) {
            row.next();
            return row.getLong(1) == 0;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Writes that a connection sends one after the other. */
    Loop.Opening creates(Server of, int records) {
        return connection -> new Writing(of.wire(), "/customers/create") {
            @Override
            byte[] body() {
                return customers.create(records);
            }
        };
    }

    /** Updates of customers of whom no two connections have the same, so that none is in another's way. */
    Loop.Opening updates(Server of, List<String> ids, int connections, int records) {
        return connection -> new Writing(of.wire(), "/customers/update") {
            private final List<String> own =
                    ids.subList(ids.size() / connections * connection, ids.size() / connections * (connection + 1));
            private int next;

            @Override
            byte[] body() {
                int count = Math.min(records, own.size());
                if (next + count > own.size()) {
                    next = 0;
                }
                byte[] body = customers.update(own.subList(next, next + count));
                next += count;
                return body;
            }
        };
    }

    /** One connection that writes. */
    private abstract static class Writing implements Loop.Turn {

        private final Wire wire;
        private final String target;

        Writing(Wire wire, String target) {
            this.wire = wire;
            this.target = target;
        }

        abstract byte[] body();

        @Override
        public boolean run() throws IOException {
            return !wire.post(target, body(), Wire.Sink.NONE).isUnavailable();
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    /** Runs a command on that server's data directory, to its end; fails where it does. */
    LedgerProcess command(Server of, Duration max, List<String> arguments) throws IOException, InterruptedException {
        LedgerProcess command =
                stage.launch(arguments.get(0), arguments, Map.of(), of.node().directory());
        PlayFailure.unless(command.awaitEnd(max) == 0, () -> arguments.get(0) + " failed: " + command.said());
        return command;
    }
}

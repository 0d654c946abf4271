package com.customerledger.gateway.stage;

import com.customerledger.events.database.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes on one database that is none of theirs. The database is the one that ships, run by a process that does nothing
 * else. For one thread at a time.
 */
public final class Cluster {

    private static final Duration START_MAX = Duration.ofSeconds(90);

    private final Stage stage;
    private final LedgerProcess holder;
    private final LedgerDatabase database;
    private final Map<String, String> keys;
    private final Map<String, Node> nodes = new HashMap<>();

    private Cluster(Stage stage, LedgerProcess holder, LedgerDatabase database, Map<String, String> keys) {
        this.stage = stage;
        this.holder = holder;
        this.database = database;
        this.keys = keys;
    }

    /**
     * Starts the database and waits until it can be used.
     *
     * @param merchants who has keys on it, by name
     */
    public static Cluster start(Stage stage, List<String> merchants) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("database"));
        merchants.forEach(each -> arguments.addAll(List.of("--merchant", each)));
        Path directory = stage.newDirectory("database");
        LedgerProcess holder = stage.launch("database", arguments, Map.of(), directory);
        Map<String, String> keys = new HashMap<>();
        Waiting.until("a database", START_MAX, () -> {
            PlayFailure.unless(holder.isAlive(), () -> "the database has ended while it started");
            for (String line : holder.said().split("\n", -1)) {
                String[] words = line.split(" ", -1);
                if (words.length == 4 && words[0].equals("KEY")) {
                    keys.put(words[1] + " " + words[2], words[3]);
                }
            }
            return keys.size() == 2 * merchants.size();
        });
        return new Cluster(stage, holder, Stage.database(directory), keys);
    }

    /** Runs the database. */
    public LedgerProcess holder() {
        return holder;
    }

    public LedgerDatabase database() {
        return database;
    }

    /** A connection as the owner of the tables; the caller closes it. */
    public Connection connect() throws SQLException {
        return Stage.connect(database, database.owner());
    }

    /** A key of the merchant that reads and writes. */
    public String key(String merchant) {
        return found(merchant, "read-write");
    }

    /** A key of the merchant for payments. */
    public String paymentsKey(String merchant) {
        return found(merchant, "payments");
    }

    private String found(String merchant, String kind) {
        String key = keys.get(merchant + " " + kind);
        if (key == null) {
            throw new IllegalStateException("no key for " + kind);
        }
        return key;
    }

    /** Starts those nodes that don't run, all at once, and waits until they are up. By name their roles. */
    public Map<String, Node> nodes(Map<String, String> roles) throws IOException, InterruptedException {
        Map<String, Node> asked = new HashMap<>();
        for (Map.Entry<String, String> each : roles.entrySet()) {
            Node node = nodes.get(each.getKey());
            if (node == null) {
                node = start(each.getKey(), each.getValue(), port());
                nodes.put(each.getKey(), node);
            } else if (!node.process().isAlive()) {
                node.startAgain();
            }
            asked.put(each.getKey(), node);
        }
        for (Node node : asked.values()) {
            node.awaitUp();
        }
        return asked;
    }

    /** Starts a node that reaches the database through that port; does not wait. */
    public Node start(String name, String roles, int databasePort) throws IOException {
        return Node.start(
                stage,
                name,
                stage.newDirectory(name),
                Map.of(
                        "LEDGER_ROLES", roles,
                        "LEDGER_DATABASE_URL", database.url().replaceFirst(":[0-9]+/", ":" + databasePort + "/"),
                        "LEDGER_DATABASE_USER", database.application().user(),
                        "LEDGER_DATABASE_PASSWORD", database.application().password(),
                        "LEDGER_DATABASE_OWNER_USER", database.owner().user(),
                        "LEDGER_DATABASE_OWNER_PASSWORD", database.owner().password()));
    }

    /** The database's own port. */
    public int port() {
        return Integer.parseInt(database.url().replaceAll(".*:([0-9]+)/.*", "$1"));
    }
}

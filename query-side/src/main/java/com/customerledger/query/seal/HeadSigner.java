package com.customerledger.query.seal;

import com.customerledger.events.command.WriteGuard;
import com.customerledger.events.query.SealHealth;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.Frontier;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.SigningKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Signs the tree's heads on one node at a time, in the database and in a file of that node's own, and sees to it at the
 * start of each session that the store still has all that this node ever signed for. Where it has not, writes are refused
 * on every node until an operator accepts that. Thread-safe.
 */
public final class HeadSigner implements SmartLifecycle, SealHealth, WriteGuard {

    private static final Logger LOG = LoggerFactory.getLogger(HeadSigner.class);

    /** How often to look for new leaves; with the interval between heads well below the second that is promised. */
    private static final long LOOK_EVERY_MS = 100;

    private static final long RETRY_MS = 300;
    private static final long STOP_MAX_MS = 2_000;

    /** How many leaves one read takes. */
    private static final int LEAVES_PER_READ = 10_000;

    // One number of two of an advisory lock; the other one is free for a second ledger in the same database.
    private static final int LOCK_SPACE = 0x4C656453;

    private static final int LEDGER_ID_BYTES = 8;

    private static final String OWN = """
            SELECT pg_try_advisory_lock(?, 0)
            """;

    private static final String EPOCH = """
            SELECT coalesce(max(epoch), 0)
              FROM seal.epochs
            """;

    // Leaves of another epoch don't continue the tree in mind.
    private static final String LEAVES = """
            SELECT hash
              FROM seal.leaves
             WHERE leaf_index >= ? AND ? = (SELECT max(epoch) FROM seal.epochs)
             ORDER BY leaf_index
             LIMIT ?
            """;

    // Not once the loss was accepted, which begins an epoch; Rollback takes the table's lock before it does.
    private static final String STOP_WRITES = """
            INSERT INTO ledger.write_stop (reason)
            SELECT ?
             WHERE ? = (EPOCH)
                ON CONFLICT DO NOTHING
            """.replace("EPOCH", EPOCH);

    private final QueryDatabase database;
    private final Views views;
    private final KeyFile keyFile;
    private final HeadsFile headsFile;
    private final long headIntervalNanos;
    private final SecureRandom random = new SecureRandom();
    private volatile CountDownLatch ending = new CountDownLatch(0);
    private volatile @Nullable Thread thread;
    private volatile @Nullable String refusal = "it is yet to be seen whether the store has all that was signed for";
    private volatile @Nullable String trouble;
    private volatile @Nullable Head newest;
    private volatile boolean signing;
    private @Nullable String logged;

    /** Waits until the seal's tables are there. */
    @FunctionalInterface
    public interface Views {

        /** Whether they are, at the latest at that time by {@link System#nanoTime}. */
        boolean awaitMade(long deadlineNanos) throws InterruptedException;
    }

    /** Does nothing before its start. */
    public HeadSigner(QueryDatabase database, Views views, SealSettings settings) {
        this.database = database;
        this.views = views;
        this.keyFile = new KeyFile(settings.keyFile());
        this.headsFile = new HeadsFile(settings.headsFile());
        this.headIntervalNanos = TimeUnit.MILLISECONDS.toNanos(settings.seal().headIntervalMs());
    }

    @Override
    public @Nullable String refusal() {
        return refusal;
    }

    @Override
    public SealHealth.State state() {
        Head head = newest;
        return new SealHealth.State(
                signing,
                trouble,
                head == null ? 0 : head.epoch(),
                head == null ? 0 : head.size(),
                head == null ? null : head.signedAt());
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        CountDownLatch end = new CountDownLatch(1);
        ending = end;
        Thread started = new Thread(() -> run(end), "seal-heads");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        ending.countDown();
        try {
            running.join(STOP_MAX_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Like the views, whose leaves it signs for. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void run(CountDownLatch end) {
        try {
            do {
                session(end);
            } while (!end.await(RETRY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection's life. */
    private void session(CountDownLatch end) throws InterruptedException {
        if (!views.awaitMade(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS))) {
            return;
        }
        try (Connection connection = database.open("seal-heads", QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
            QueryDatabase.commitToDisk(connection);
            if (contains(connection)) {
                sign(connection, end);
            }
        } catch (SQLException e) {
            failed("no heads are signed: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            failed("no heads are signed: " + e.getMessage(), e);
        } finally {
            signing = false;
        }
    }

    /** Looks whether the store has what this node signed for, and stops all writes when it has not. */
    private boolean contains(Connection connection) throws SQLException, IOException {
        int epoch = epochNumber(connection);
        SignedNote own = headsFile.newest();
        String fault = own == null ? null : Containment.fault(connection, Tables.LEDGER, own);
        if (fault == null) {
            refusal = null;
            return true;
        }
        String reason = "events are lost that this node signed for: " + fault
                + "; writes are refused until ./ledger accept-rollback";
        refusal = reason;
        try (PreparedStatement statement = connection.prepareStatement(STOP_WRITES)) {
            statement.setString(1, reason);
            statement.setInt(2, epoch);
            statement.executeUpdate();
        }
        failed(reason, null);
        return false;
    }

    private void sign(Connection connection, CountDownLatch end)
            throws SQLException, IOException, InterruptedException {
        boolean owner = false;
        Epoch epoch = null;
        SigningKey key = null;
        Frontier tree = null;
        long signedAtNanos = System.nanoTime() - headIntervalNanos;
        do {
            if (epoch == null || epochNumber(connection) != epoch.number()) {
                epoch = Heads.epoch(connection, Tables.LEDGER);
            }
            if (epoch != null && (key == null || !key.verifierKey().name().equals(epoch.origin()))) {
                tree = null;
                key = keyOf(epoch);
            }
            boolean fit = epoch == null || key != null;
            if (fit && !owner) {
                owner = own(connection);
                // Another node signs as well as this one would.
                recovered();
            }
            signing = fit && owner;
            if (!signing) {
                newest = Heads.newest(connection, Tables.LEDGER);
                end.await(RETRY_MS, TimeUnit.MILLISECONDS);
            } else if (epoch == null || key == null) {
                if (Heads.size(connection, Tables.LEDGER) > 0) {
                    begin(connection);
                }
            } else if (tree == null) {
                Head last = Heads.newest(connection, Tables.LEDGER);
                newest = last;
                tree = new StoredNodes(connection, Tables.LEDGER)
                        .frontier(last == null || last.epoch() < epoch.number() ? epoch.firstSize() : last.size());
            } else if (System.nanoTime() - signedAtNanos >= headIntervalNanos && grow(connection, tree, epoch)) {
                sign(connection, epoch, key, tree);
                signedAtNanos = System.nanoTime();
            }
        } while (!end.await(LOOK_EVERY_MS, TimeUnit.MILLISECONDS));
    }

    private static int epochNumber(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EPOCH);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The key of this epoch, or null with the reason told. */
    private @Nullable SigningKey keyOf(Epoch epoch) {
        SigningKey key = keyFile.read(epoch.origin());
        if (key == null) {
            failed("no heads are signed on this node: " + keyFile.path() + " is missing", null);
            return null;
        }
        if (!Objects.equals(key.verifierKey(), epoch.key())) {
            failed("no heads are signed on this node: " + keyFile.path() + " is not the key of this ledger", null);
            return null;
        }
        return key;
    }

    private static boolean own(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OWN)) {
            statement.setInt(1, LOCK_SPACE);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Begins the first epoch. */
    private void begin(Connection connection) throws SQLException {
        byte[] ledger = new byte[LEDGER_ID_BYTES];
        random.nextBytes(ledger);
        SigningKey key = keyFile.readOrMake(Epoch.origin(HexFormat.of().formatHex(ledger), 1));
        String statement =
                SignedNote.sign(key.verifierKey().name() + "\nbegins\n", key).toString();
        Heads.begin(connection, Tables.LEDGER, new Epoch(1, 0, key.verifierKey(), statement));
        LOG.info("The seal signs with {}, {}", keyFile.path(), key.verifierKey());
    }

    /** Takes the new leaves; whether there are any. */
    private static boolean grow(Connection connection, Frontier tree, Epoch epoch) throws SQLException {
        long before = tree.size();
        long from;
        do {
            from = tree.size();
            try (PreparedStatement statement = connection.prepareStatement(LEAVES)) {
                statement.setLong(1, from);
                statement.setInt(2, epoch.number());
                statement.setInt(3, LEAVES_PER_READ);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        tree.append(rows.getBytes(1));
                    }
                }
            }
        } while (tree.size() == from + LEAVES_PER_READ);
        return tree.size() > before;
    }

    private void sign(Connection connection, Epoch epoch, SigningKey key, Frontier tree)
            throws SQLException, IOException {
        byte[] root = tree.root();
        String note = SignedNote.sign(new Checkpoint(epoch.origin(), tree.size(), root).text(), key)
                .toString();
        Head head =
                new Head(epoch.number(), tree.size(), root, note, Instant.now().truncatedTo(ChronoUnit.MICROS));
        Heads.add(connection, Tables.LEDGER, head);
        // Only then outside: what the file says must be in the database whatever happens in between.
        headsFile.append(note);
        newest = head;
    }

    private void failed(String reason, @Nullable Exception cause) {
        trouble = reason;
        if (!reason.equals(logged)) {
            logged = reason;
            if (cause instanceof RuntimeException) {
                LOG.error("{}", reason, cause);
            } else {
                LOG.warn("{}", reason);
            }
        }
    }

    private void recovered() {
        trouble = null;
        if (logged != null) {
            logged = null;
            LOG.info("The seal goes on");
        }
    }
}

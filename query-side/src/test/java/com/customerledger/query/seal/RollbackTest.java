package com.customerledger.query.seal;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss that is accepted at the very moment in which a node, by what it saw before, stops writes for it. */
@SuppressWarnings("NullAway.Init")
class RollbackTest {

    private static final int EVENTS = 10;
    private static final int LOST = 3;

    private static final String STOP_TABLE = "relation = CAST('ledger.write_stop' AS regclass)";
    private static final String HOLD = "locktype = 'advisory' AND classid = 0 AND objid = 1";

    // Holds a row back that a node is about to add.
    private static final String HOLD_ROWS = """
            CREATE FUNCTION ledger.hold() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END';
            CREATE TRIGGER hold BEFORE INSERT ON ledger.write_stop FOR EACH ROW EXECUTE FUNCTION ledger.hold();
            """;

    private final ExecutorService operator = Executors.newSingleThreadExecutor();

    @TempDir
    private Path directory;

    private TestStore store;
    private TestNode node;
    private HeadSigner signer;

    /** A node that has signed for events of which the last ones are lost. */
    @BeforeEach
    void lose() throws SQLException {
        store = new TestStore();
        node = new TestNode(store, List.of(new Seal()));
        HeadSigner before = newSigner();
        before.start();
        for (int i = 0; i < EVENTS; i++) {
            store.append(created(TestStore.MERCHANT, "cus_" + i, START.plusSeconds(i), "r" + i));
        }
        await().until(() -> before.state().size() == EVENTS);
        before.stop();
        try (Connection owner = store.connectAsOwner()) {
            execute(owner, """
                    ALTER TABLE ledger.events DISABLE TRIGGER events_never_change;
                    DELETE FROM ledger.events
                     WHERE position IN (SELECT position FROM ledger.events ORDER BY position DESC LIMIT %d);
                    ALTER TABLE ledger.events ENABLE TRIGGER events_never_change
                    """.formatted(LOST));
        }
        signer = newSigner();
    }

    @AfterEach
    void stop() {
        operator.shutdownNow();
        signer.stop();
        node.close();
    }

    @Test
    void aNodeThatIsLateDoesNotStopWritesForWhatWasAccepted() throws Exception {
        try (Connection owner = store.connectAsOwner()) {
            owner.setAutoCommit(false);
            execute(owner, "LOCK TABLE ledger.write_stop IN SHARE ROW EXCLUSIVE MODE");
            signer.start();
            await().until(() -> isWaitedFor(STOP_TABLE));

            assertThat(accept(owner)).startsWith("Epoch 2 begins with the first " + (EVENTS - LOST));
        }
        assertThatWritesAreTakenAgain();
    }

    @Test
    void anAcceptanceWaitsForTheNodeThatIsStoppingWrites() throws Exception {
        try (Connection owner = store.connectAsOwner();
                Connection second = store.connectAsOwner()) {
            execute(owner, HOLD_ROWS);
            execute(owner, "SELECT pg_advisory_lock(1)");
            signer.start();
            await().until(() -> isWaitedFor(HOLD));

            Future<String> accepted = operator.submit(() -> accept(second));
            await().until(() -> accepted.isDone() || isWaitedFor(STOP_TABLE));
            execute(owner, "SELECT pg_advisory_unlock(1)");

            assertThat(accepted.get()).startsWith("Epoch 2 begins with the first " + (EVENTS - LOST));
        }
        assertThatWritesAreTakenAgain();
    }

    private boolean isWaitedFor(String lock) throws SQLException {
        return !store.query("""
                        SELECT pid
                          FROM pg_locks
                         WHERE NOT granted
                           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                           AND %s
                        """.formatted(lock)).isEmpty();
    }

    private void assertThatWritesAreTakenAgain() throws SQLException {
        await().until(() -> signer.refusal() == null);
        assertThat(store.query("SELECT reason FROM ledger.write_stop")).isEmpty();
    }

    private HeadSigner newSigner() {
        return new HeadSigner(node.database(), node.views()::awaitMade, settings());
    }

    private SealSettings settings() {
        return new SealSettings(directory, new SealSettings.Seal(null, 10));
    }

    private String accept(Connection connection) throws Exception {
        return new Rollback(
                        connection,
                        new KeyFile(settings().keyFile()),
                        new HeadsFile(settings().headsFile()))
                .accept();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

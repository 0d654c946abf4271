package com.customerledger.query.seal;

import com.customerledger.events.audit.SealAudit.Places;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.seal.log.VerifierKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** An event store of its own whose events are sealed and whose heads are signed, until it is closed. */
public final class SealedStore implements AutoCloseable {

    private static final int HEAD_INTERVAL_MS = 20;

    private final TestStore store = new TestStore();
    private final Path directory;
    private final TestNode node;
    private final HeadSigner signer;

    /**
     * @param directory for the key and the heads
     */
    public SealedStore(Path directory) {
        this.directory = directory;
        this.node = new TestNode(store, List.of(new Seal()));
        this.signer = new HeadSigner(
                node.database(),
                node.views()::awaitMade,
                new SealSettings(directory, new SealSettings.Seal(null, HEAD_INTERVAL_MS)));
        signer.start();
    }

    public TestStore store() {
        return store;
    }

    public TestNode node() {
        return node;
    }

    public Places files() {
        return new Places(directory, null);
    }

    /** Waits until a head covers every event that is there now. */
    public SignedHead awaitHead() {
        return Awaitility.await().atMost(TestNode.PATIENCE).until(this::newest, Objects::nonNull);
    }

    public VerifierKey key() {
        return awaitHead().key();
    }

    private long events() {
        try {
            return Long.parseLong(String.valueOf(
                    store.query("SELECT count(*) FROM ledger.events").get(0)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable SignedHead newest() throws SQLException {
        if (signer.state().size() != events()) {
            return null;
        }
        try (Connection connection = store.connect()) {
            return new SealedTree(connection).newest();
        }
    }

    @Override
    public void close() {
        signer.stop();
        node.close();
    }
}

package com.customerledger.query.seal;

import com.customerledger.events.query.SealQueries.EpochKey;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.Nodes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sealed tree for those who prove something from it: its nodes, and its heads, whose signatures are verified first.
 * A head of an epoch that is over counts as far as the epochs behind it kept its leaves. For one connection and one
 * thread.
 */
public final class SealedTree {

    /** The name of the view that makes the tree. */
    public static final String VIEW = Seal.NAME;

    private static final String NEWEST = """
            SELECT note
              FROM seal.heads
             WHERE epoch = ? AND size >= ? AND size <= ?
             ORDER BY size DESC
             LIMIT 1
            """;

    private static final String FIRST = """
            SELECT note
              FROM seal.heads
             WHERE epoch = ? AND size >= ? AND size <= ?
             ORDER BY size
             LIMIT 1
            """;

    private final Connection connection;
    private final StoredNodes nodes;

    /** That of the ledger. */
    public SealedTree(Connection connection) {
        this.connection = connection;
        this.nodes = new StoredNodes(connection, Tables.LEDGER);
    }

    /** How many leaves there are, those that no head covers included. */
    public long size() throws SQLException {
        return Heads.size(connection, Tables.LEDGER);
    }

    /**
     * The newest head, or null before the first.
     *
     * @throws SealException when it is not signed by the key of its epoch
     */
    public @Nullable SignedHead newest() throws SQLException {
        List<Epoch> epochs = Heads.epochs(connection, Tables.LEDGER);
        long kept = Long.MAX_VALUE;
        for (int i = epochs.size() - 1; i >= 0; i--) {
            SignedHead head = head(NEWEST, epochs.get(i), 0, kept);
            if (head != null) {
                return head;
            }
            kept = Math.min(kept, epochs.get(i).firstSize());
        }
        return null;
    }

    /**
     * The smallest head that was signed for at least that many leaves, or null when there is none yet.
     *
     * @throws SealException when it is not signed by the key of its epoch
     */
    public @Nullable SignedHead covering(long size) throws SQLException {
        List<Epoch> epochs = Heads.epochs(connection, Tables.LEDGER);
        long kept = Long.MAX_VALUE;
        SignedHead smallest = null;
        for (int i = epochs.size() - 1; i >= 0; i--) {
            SignedHead head = head(FIRST, epochs.get(i), size, kept);
            if (head != null) {
                smallest = head;
                kept = Math.min(kept, head.checkpoint().size() - 1);
            }
            kept = Math.min(kept, epochs.get(i).firstSize());
        }
        return smallest;
    }

    /** The head that a note bears, or null when it is none of that epoch of this ledger. */
    public @Nullable SignedHead read(int epoch, String note) throws SQLException {
        for (Epoch each : Heads.epochs(connection, Tables.LEDGER)) {
            if (each.number() == epoch) {
                try {
                    return SignedHead.of(epoch, each.key(), note);
                } catch (MalformedException e) {
                    return null;
                }
            }
        }
        return null;
    }

    /** The keys of all epochs, the newest first. */
    public List<EpochKey> keys() throws SQLException {
        List<EpochKey> keys = new ArrayList<>();
        for (Epoch epoch : Heads.epochs(connection, Tables.LEDGER)) {
            keys.add(
                    0,
                    new EpochKey(
                            epoch.number(),
                            epoch.firstSize(),
                            epoch.origin(),
                            epoch.key().text(),
                            epoch.key().pem(),
                            epoch.statement()));
        }
        return keys;
    }

    private @Nullable SignedHead head(String sql, Epoch epoch, long from, long to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, epoch.number());
            statement.setLong(2, from);
            statement.setLong(3, to);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? SignedHead.of(epoch.number(), epoch.key(), row.getString(1)) : null;
            }
        } catch (MalformedException e) {
            throw new SealException("a head of epoch " + epoch.number() + " in the database: " + e.getMessage(), e);
        }
    }

    /** The full subtrees of the tree; throws {@link SealException} for one that is not there. */
    public Nodes<SQLException> nodes() {
        return nodes;
    }
}

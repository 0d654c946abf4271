package com.customerledger.query.seal;

import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store still has what a head was signed for. The whole tree is compared by its root; of the events
 * themselves the last ones are read again, since a cut or a restored backup shows there. That every event is as it was
 * is for {@link Verification} to say.
 */
final class Containment {

    /** How many of the newest sealed events are read again. */
    static final int EVENTS_READ_AGAIN = 1_000;

    private static final String LAST_LEAVES = "SELECT " + RecordedEvent.COLUMNS + """
                   , leaf_index, number, hash
              FROM seal.leaves l
              LEFT JOIN ledger.events e USING (position)
             WHERE l.leaf_index < ?
             ORDER BY l.leaf_index DESC
             LIMIT ?
            """;

    private Containment() {}

    /**
     * Why the store does not contain the head, in words for an operator; null when it does, or when the loss of what it
     * lacks was accepted since.
     */
    static @Nullable String fault(Connection connection, Tables tables, SignedNote newest) throws SQLException {
        Checkpoint head = checkpoint(newest);
        List<Epoch> epochs = Heads.epochs(connection, tables);
        int own = indexOf(epochs, head.origin());
        if (own < 0) {
            return "a head was signed for " + head + ", and the database knows nothing of that";
        }
        if (!newest.isSignedBy(epochs.get(own).key())) {
            return "the newest head outside the database, " + head
                    + ", is not signed by the key that the database names";
        }
        if (own < epochs.size() - 1) {
            return null;
        }
        long size = Heads.size(connection, tables);
        if (size < head.size()) {
            return "a head was signed for " + head.size() + " events, and " + size + " are sealed in the database";
        }
        byte[] root = new StoredNodes(connection, tables).frontier(head.size()).root();
        if (!Arrays.equals(root, head.root())) {
            return "the tree in the database is not the one that the head at " + head.size() + " was signed for";
        }
        long kept = kept(connection, tables, head.size());
        return kept == head.size()
                ? null
                : "of the " + head.size() + " events that a head was signed for, those behind the first " + kept
                        + " are not all there as they were";
    }

    /**
     * Behind how many leaves the first event of the last ones is missing or changed; {@code size} when all are there.
     */
    static long kept(Connection connection, Tables tables, long size) throws SQLException {
        long kept = size;
        LeafEncoder encoder = new LeafEncoder();
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(LAST_LEAVES))) {
            statement.setLong(1, size);
            statement.setInt(2, EVENTS_READ_AGAIN);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (!isThere(rows, encoder)) {
                        kept = rows.getLong("leaf_index");
                    }
                }
            }
        }
        return kept;
    }

    private static boolean isThere(ResultSet row, LeafEncoder encoder) throws SQLException {
        if (row.getString("aggregate_id") == null) {
            return false;
        }
        try {
            byte[] hash =
                    Leaf.of(RecordedEvent.read(row), row.getLong("number")).hash(encoder);
            return Arrays.equals(hash, row.getBytes("hash"));
        } catch (IllegalStateException notEvenAnEvent) {
            return false;
        }
    }

    private static int indexOf(List<Epoch> epochs, String origin) {
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).origin().equals(origin)) {
                return i;
            }
        }
        return -1;
    }

    /** The head that a note is about. */
    static Checkpoint checkpoint(SignedNote note) {
        try {
            return Checkpoint.parse(note.text());
        } catch (MalformedException e) {
            throw new SealException("not a checkpoint: " + e.getMessage(), e);
        }
    }
}

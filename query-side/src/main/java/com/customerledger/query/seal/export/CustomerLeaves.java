package com.customerledger.query.seal.export;

import com.customerledger.query.seal.Leaf;
import com.customerledger.query.seal.SealException;
import com.customerledger.query.seal.SealedTree;
import com.customerledger.query.seal.SignedHead;
import com.customerledger.query.seal.log.InclusionProof;
import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A customer's events as they were sealed.
 *
 * @param merchantId whose customer it must be
 */
record CustomerLeaves(String merchantId, String customerId) {

    private static final String NEWEST = """
            SELECT l.leaf_index
              FROM ledger.events e
              JOIN seal.leaves l USING (position)
              JOIN seal.merchants m USING (merchant)
             WHERE e.aggregate_id = ? AND m.merchant_id = ?
             ORDER BY e.sequence DESC
             LIMIT 1
            """;

    private static final String EVENTS = "SELECT " + RecordedEvent.COLUMNS + """
                   , l.leaf_index, l.number
              FROM ledger.events e
              JOIN seal.leaves l USING (position)
              JOIN seal.merchants m USING (merchant)
             WHERE e.aggregate_id = ? AND m.merchant_id = ? AND e.sequence > ? AND l.leaf_index < ?
             ORDER BY e.sequence
             LIMIT ?
            """;

    /** The place of the newest event's leaf, or -1 where the merchant has no such customer. */
    long newest(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            statement.setString(1, customerId);
            statement.setString(2, merchantId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    /**
     * The events behind a sequence that the head is for, with their proofs.
     *
     * @throws SealException when one of them is not there as it was sealed
     */
    List<ExportedEvent> events(Connection connection, SealedTree tree, SignedHead head, long after, int max)
            throws SQLException {
        List<Leaf> leaves = new ArrayList<>();
        List<Long> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setString(1, customerId);
            statement.setString(2, merchantId);
            statement.setLong(3, after);
            statement.setLong(4, head.checkpoint().size());
            statement.setInt(5, max);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    leaves.add(Leaf.of(RecordedEvent.read(rows), rows.getLong("number")));
                    indexes.add(rows.getLong("leaf_index"));
                }
            }
        }
        List<ExportedEvent> events = new ArrayList<>(leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            long index = indexes.get(i);
            ExportedEvent event = new ExportedEvent(
                    leaves.get(i),
                    index,
                    InclusionProof.path(index, head.checkpoint().size(), tree.nodes()));
            if (!event.isUnder(head.checkpoint())) {
                throw new SealException("the event at " + leaves.get(i).position() + " is not as it was sealed");
            }
            events.add(event);
        }
        return events;
    }
}

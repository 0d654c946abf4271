package com.customerledger.query.seal.export;

import com.customerledger.events.audit.AuditException;
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
import org.jspecify.annotations.Nullable;

/** Merchants' events as they were sealed, and how far they are. For one connection and one thread. */
final class SealedEvents {

    /** How many events one read takes. */
    private static final int EVENTS_PER_READ = 500;

    private static final String MERCHANT = """
            SELECT merchant
              FROM seal.merchants
             WHERE merchant_id = ?
            """;

    private static final String NEWEST_NUMBER = """
            SELECT number
              FROM seal.leaves
             WHERE merchant = ? AND leaf_index < ?
             ORDER BY number DESC
             LIMIT 1
            """;

    private static final String NEWEST_POSITION = """
            SELECT position
              FROM ledger.events
             ORDER BY position DESC
             LIMIT 1
            """;

    private static final String LEAF_INDEX = """
            SELECT leaf_index
              FROM seal.leaves
             WHERE position = ?
            """;

    private static final String EVENTS = "SELECT " + RecordedEvent.COLUMNS + """
                   , l.leaf_index, l.number
              FROM seal.leaves l
              LEFT JOIN ledger.events e USING (position)
             WHERE l.merchant = ? AND l.number >= ? AND l.number <= ?
             ORDER BY l.number
             LIMIT ?
            """;

    private final Connection connection;
    private final SealedTree tree;

    SealedEvents(Connection connection, SealedTree tree) {
        this.connection = connection;
        this.tree = tree;
    }

    /** The seal's own number for a merchant, or null for one without events. */
    @Nullable Integer merchant(String merchantId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MERCHANT)) {
            statement.setString(1, merchantId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Integer.valueOf(row.getInt(1)) : null;
            }
        }
    }

    /** The merchant's last number among the first {@code size} leaves, 0 for none. */
    long newestNumber(int merchant, long size) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST_NUMBER)) {
            statement.setInt(1, merchant);
            statement.setLong(2, size);
            return number(statement, 0);
        }
    }

    /** Where the newest event stands that is in the store by now, 0 for none. */
    long newestPosition() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEWEST_POSITION)) {
            return number(statement, 0);
        }
    }

    /** The place of that event's leaf, or -1 while it has none. */
    long leafIndex(long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LEAF_INDEX)) {
            statement.setLong(1, position);
            return number(statement, -1);
        }
    }

    private static long number(PreparedStatement statement, long otherwise) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : otherwise;
        }
    }

    /**
     * The next events from the number {@code from} on, with their proofs, each of them verified.
     *
     * @throws AuditException when one of them is not there as it was sealed
     */
    List<ExportedEvent> read(int merchant, long from, long to, SignedHead head) throws SQLException {
        List<Leaf> leaves = new ArrayList<>();
        List<Long> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setInt(1, merchant);
            statement.setLong(2, from);
            statement.setLong(3, to);
            statement.setInt(4, EVENTS_PER_READ);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    leaves.add(leaf(rows, from + leaves.size()));
                    indexes.add(rows.getLong("leaf_index"));
                }
            }
        }
        if (leaves.isEmpty()) {
            throw altered(from, null);
        }
        List<ExportedEvent> events = new ArrayList<>(leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            events.add(proven(leaves.get(i), indexes.get(i), head));
        }
        return events;
    }

    private static Leaf leaf(ResultSet row, long number) throws SQLException {
        if (row.getString("aggregate_id") == null || row.getLong("number") != number) {
            throw altered(number, null);
        }
        try {
            return Leaf.of(RecordedEvent.read(row), number);
        } catch (IllegalStateException | ArithmeticException notEvenAnEvent) {
            throw altered(number, notEvenAnEvent);
        }
    }

    private ExportedEvent proven(Leaf leaf, long index, SignedHead head) throws SQLException {
        try {
            if (index < head.checkpoint().size()) {
                ExportedEvent event = new ExportedEvent(
                        leaf,
                        index,
                        InclusionProof.path(index, head.checkpoint().size(), tree.nodes()));
                if (event.isUnder(head.checkpoint())) {
                    return event;
                }
            }
        } catch (SealException e) {
            throw altered(leaf.number(), e);
        }
        throw altered(leaf.number(), null);
    }

    private static AuditException altered(long number, @Nullable Throwable cause) {
        return new AuditException(
                "The merchant's event " + number + " is not in the store as it was sealed; ./ledger verify says more",
                cause);
    }
}

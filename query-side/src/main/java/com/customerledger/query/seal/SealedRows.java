package com.customerledger.query.seal;

import com.customerledger.query.database.BinaryRows;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** All events and all leaves of one snapshot in the order of their positions, read once. For one thread. */
interface SealedRows {

    /** The next one, or null when there are no more; of an event and a leaf at one position either comes first. */
    @Nullable SealedRow next() throws SQLException;

    /** Read on one connection, where the server merges them. */
    static SealedRows merged(Connection connection, Tables tables) throws SQLException {
        BinaryRows rows = copy(connection, tables.sql(SealedRow.COPY));
        return () -> {
            ByteBuffer row = rows.next();
            return row == null ? null : SealedRow.eventOrLeaf(row);
        };
    }

    /**
     * Read on two connections, which the server serves at a time, and merged here.
     *
     * @param first in a transaction that reads one snapshot
     * @param second in a transaction that reads the same one
     */
    static SealedRows sideBySide(Connection first, Connection second, Tables tables) throws SQLException {
        BinaryRows events = copy(first, tables.sql(SealedRow.COPY_EVENTS));
        BinaryRows leaves = copy(second, tables.sql(SealedRow.COPY_LEAVES));
        return new SealedRows() {

            private @Nullable SealedRow event = event();
            private @Nullable SealedRow leaf = leaf();

            @Override
            public @Nullable SealedRow next() throws SQLException {
                SealedRow next = event;
                if (next == null || (leaf != null && leaf.position < next.position)) {
                    next = leaf;
                    leaf = next == null ? null : leaf();
                } else {
                    event = event();
                }
                return next;
            }

            private @Nullable SealedRow event() throws SQLException {
                ByteBuffer row = events.next();
                return row == null ? null : SealedRow.event(row);
            }

            private @Nullable SealedRow leaf() throws SQLException {
                ByteBuffer row = leaves.next();
                return row == null ? null : SealedRow.leaf(row);
            }
        };
    }

    private static BinaryRows copy(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // The planner is to go along indexes: neither to sort nor to share the work out.
            statement.execute("""
                    SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
                    SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0
                    """);
        }
        return new BinaryRows(connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql));
    }
}

package com.customerledger.query.seal;

import com.customerledger.events.EventCodec;
import com.customerledger.query.database.CopiedRows;
import com.customerledger.query.seal.log.Frontier;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.View.Projection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Appends leaves for as long as one owner follows the events. What it has appended it keeps in mind, so it serves no
 * longer than all its transactions commit.
 */
final class Sealing implements Projection {

    private static final String END = """
            SELECT leaf_index + 1, position
              FROM seal.leaves
             ORDER BY leaf_index DESC
             LIMIT 1
            """;

    private static final String MERCHANT = """
            SELECT m.merchant,
                   (SELECT coalesce(max(l.number), 0) FROM seal.leaves l WHERE l.merchant = m.merchant)
              FROM seal.merchants m
             WHERE m.merchant_id = ?
            """;

    private static final String NEW_MERCHANT = """
            INSERT INTO seal.merchants (merchant_id)
            VALUES (?)
            RETURNING merchant, 0::bigint
            """;

    private static final String APPEND = """
            INSERT INTO seal.leaves (leaf_index, position, number, merchant, hash)
            SELECT ? + place - 1, position, number, merchant, hash
              FROM unnest(?::bigint[], ?::bigint[], ?::integer[], ?::bytea[])
                   WITH ORDINALITY AS leaf (position, number, merchant, hash, place)
            """;

    private static final String APPEND_MANY = "seal.leaves (leaf_index, position, number, merchant, hash)";

    private static final int COLUMNS = 5;

    private static final String COMPLETE = """
            INSERT INTO seal.nodes (level, node_index, hash)
            SELECT * FROM unnest(?::smallint[], ?::bigint[], ?::bytea[])
            """;

    /** How many merchants' counters are kept in mind. */
    private static final int MERCHANTS_MAX = 100_000;

    private final Tables tables;
    private final LeafEncoder encoder = new LeafEncoder();
    private final Map<String, Counter> merchants = new HashMap<>();
    private @Nullable Frontier frontier;
    private long sealedPosition;

    Sealing(Tables tables) {
        this.tables = tables;
    }

    private static final class Counter {

        private final int merchant;
        private long number;

        Counter(ResultSet row) throws SQLException {
            merchant = row.getInt(1);
            number = row.getLong(2);
        }
    }

    /** The full subtrees that a batch completes, column by column. */
    private static final class Completed {

        private final List<Short> levels = new ArrayList<>();
        private final List<Long> indexes = new ArrayList<>();
        private final List<byte[]> hashes = new ArrayList<>();

        void add(int level, long index, byte[] hash) {
            levels.add((short) level);
            indexes.add(index);
            hashes.add(hash);
        }
    }

    @Override
    public void apply(Connection connection, List<RecordedEvent> events) throws SQLException {
        Frontier tree = frontier == null ? begin(connection) : frontier;
        frontier = tree;
        long from = tree.size();
        List<RecordedEvent> unsealed = events.stream()
                .filter(event -> event.position() > sealedPosition)
                .toList();
        int count = unsealed.size();
        long[] positions = new long[count];
        long[] numbers = new long[count];
        int[] of = new int[count];
        byte[][] hashes = new byte[count][];
        Completed completed = new Completed();
        for (int i = 0; i < count; i++) {
            RecordedEvent event = unsealed.get(i);
            String merchantId = EventCodec.merchantId(event.payload());
            Counter counter = counter(connection, merchantId);
            counter.number++;
            positions[i] = event.position();
            numbers[i] = counter.number;
            of[i] = counter.merchant;
            hashes[i] = Leaf.of(event, merchantId, counter.number).hash(encoder);
            tree.append(hashes[i], completed::add);
            sealedPosition = event.position();
        }
        if (count > 0) {
            append(connection, from, positions, numbers, of, hashes);
            complete(connection, completed);
        }
    }

    private Frontier begin(Connection connection) throws SQLException {
        long size = 0;
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(END));
                ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                size = row.getLong(1);
                sealedPosition = row.getLong(2);
            }
        }
        return new StoredNodes(connection, tables).frontier(size);
    }

    private Counter counter(Connection connection, String merchantId) throws SQLException {
        Counter counter = merchants.get(merchantId);
        if (counter == null) {
            counter = read(connection, MERCHANT, merchantId);
            if (counter == null) {
                counter = read(connection, NEW_MERCHANT, merchantId);
            }
            if (counter == null) {
                throw new SealException("a merchant could not be numbered");
            }
            if (merchants.size() == MERCHANTS_MAX) {
                merchants.clear();
            }
            merchants.put(merchantId, counter);
        }
        return counter;
    }

    private @Nullable Counter read(Connection connection, String sql, String merchantId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            statement.setString(1, merchantId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Counter(row) : null;
            }
        }
    }

    private void append(Connection connection, long from, long[] positions, long[] numbers, int[] of, byte[][] hashes)
            throws SQLException {
        if (positions.length >= CopiedRows.WORTH_WHILE) {
            CopiedRows.add(
                    connection,
                    tables.sql(APPEND_MANY),
                    positions.length,
                    COLUMNS,
                    (rows, i) -> rows.bigint(from + i)
                            .bigint(positions[i])
                            .bigint(numbers[i])
                            .integer(of[i])
                            .bytea(hashes[i]));
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(APPEND))) {
            statement.setLong(1, from);
            statement.setObject(2, positions);
            statement.setObject(3, numbers);
            statement.setObject(4, of);
            statement.setObject(5, hashes);
            statement.executeUpdate();
        }
    }

    private void complete(Connection connection, Completed completed) throws SQLException {
        if (completed.levels.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(COMPLETE))) {
            statement.setArray(1, connection.createArrayOf("int2", completed.levels.toArray()));
            statement.setArray(2, connection.createArrayOf("int8", completed.indexes.toArray()));
            statement.setArray(3, connection.createArrayOf("bytea", completed.hashes.toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }
}

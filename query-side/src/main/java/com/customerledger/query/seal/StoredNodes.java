package com.customerledger.query.seal;

import com.customerledger.query.seal.log.Frontier;
import com.customerledger.query.seal.log.Nodes;
import com.customerledger.query.seal.log.TreeHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the stored tree, read 256 at a time and the last ones read kept. For one connection and one thread.
 */
final class StoredNodes implements Nodes<SQLException> {

    private static final int TILE = 1 << Frontier.LEVELS_PER_TILE;
    private static final int TILES_MAX = 512;

    private static final String LEAVES = """
            SELECT hash
              FROM seal.leaves
             WHERE leaf_index >= ? AND leaf_index < ?
             ORDER BY leaf_index
            """;

    private static final String NODES = """
            SELECT hash
              FROM seal.nodes
             WHERE node_index >= ? AND node_index < ? AND level = ?
             ORDER BY node_index
            """;

    private record Place(int level, long tile) {}

    /** Stored hashes side by side, and the nodes over them that were asked for: neighbours' proofs have most in common. */
    private static final class Tile {

        private final byte[][] hashes;

        // The root at 1, the two nodes below the one at n at 2n and 2n + 1.
        private final byte[] @Nullable [] nodes = new byte[TILE][];

        Tile(byte[][] hashes) {
            this.hashes = hashes;
        }

        byte[] subtree(int level, int index) {
            if (level == 0) {
                return hashes[index];
            }
            int place = (TILE >> level) + index;
            byte[] node = nodes[place];
            if (node == null) {
                node = TreeHash.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
                nodes[place] = node;
            }
            return node;
        }
    }

    private final Connection connection;
    private final String leaves;
    private final String nodes;
    private final Map<Place, Tile> tiles = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Tile> eldest) {
            return size() > TILES_MAX;
        }
    };

    StoredNodes(Connection connection, Tables tables) {
        this.connection = connection;
        this.leaves = tables.sql(LEAVES);
        this.nodes = tables.sql(NODES);
    }

    /**
     * The hash of a full subtree.
     *
     * @param level of 2^level leaves
     * @param index its place among those of its level
     * @throws SealException when the database does not have it
     */
    @Override
    public byte[] node(int level, long index) throws SQLException {
        int below = level % Frontier.LEVELS_PER_TILE;
        long first = index << below;
        int count = 1 << below;
        int from = (int) (first % TILE);
        Tile tile = tile(new Place(level / Frontier.LEVELS_PER_TILE, first / TILE), from + count);
        return tile.subtree(below, from >> below);
    }

    /** What it takes to append to the tree of the first {@code size} leaves. */
    Frontier frontier(long size) throws SQLException {
        List<byte[]> subtrees = new ArrayList<>();
        long begin = 0;
        while (begin < size) {
            long leaves = Long.highestOneBit(size - begin);
            int level = Long.numberOfTrailingZeros(leaves);
            subtrees.add(node(level, begin >> level));
            begin += leaves;
        }
        return Frontier.of(size, subtrees);
    }

    private Tile tile(Place place, int needed) throws SQLException {
        Tile known = tiles.get(place);
        if (known == null || known.hashes.length < needed) {
            known = new Tile(read(place));
            if (known.hashes.length < needed) {
                throw new SealException(
                        "the stored tree lacks nodes of level " + place.level() * Frontier.LEVELS_PER_TILE + " from "
                                + (place.tile() * TILE + known.hashes.length));
            }
            tiles.put(place, known);
        }
        return known;
    }

    private byte[][] read(Place place) throws SQLException {
        byte[][] hashes = new byte[TILE][];
        int count = 0;
        try (PreparedStatement statement = connection.prepareStatement(place.level() == 0 ? leaves : nodes)) {
            statement.setLong(1, place.tile() * TILE);
            statement.setLong(2, (place.tile() + 1) * TILE);
            if (place.level() > 0) {
                statement.setInt(3, place.level());
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next() && count < TILE) {
                    hashes[count++] = rows.getBytes(1);
                }
            }
        }
        return Arrays.copyOf(hashes, count);
    }
}

package com.customerledger.query.seal.log;

import java.util.ArrayList;
import java.util.List;

/**
 * As much of a tree as it takes to append to it: the roots of the full subtrees that its size is the sum of, at most
 * one of each power of two. Not thread-safe.
 */
public final class Frontier {

    /** How many levels of nodes one level of stored subtrees has: 256 leaves or subtrees make the next. */
    public static final int LEVELS_PER_TILE = 8;

    private static final int LEVELS = 63;

    /** Learns of each subtree of 256, 256², 256³ … leaves as its last leaf comes. */
    @FunctionalInterface
    public interface Completed {

        /**
         * Is told of a subtree that is full now.
         *
         * @param level 1 for 256 leaves, 2 for 256² leaves …
         * @param index how many subtrees of that level are before it
         * @param hash its root
         */
        void completed(int level, long index, byte[] hash);
    }

    // The subtree of 2^n leaves stands at n; what stands at a bit that the size doesn't have is old.
    private final byte[][] subtrees;
    private long size;

    /** That of the empty tree. */
    public Frontier() {
        this(new byte[LEVELS][], 0);
    }

    private Frontier(byte[][] subtrees, long size) {
        this.subtrees = subtrees;
        this.size = size;
    }

    /**
     * That of a tree of {@code size} leaves.
     *
     * @param subtrees the roots of its full subtrees, the largest first
     */
    public static Frontier of(long size, List<byte[]> subtrees) {
        if (size < 0 || Long.bitCount(size) != subtrees.size()) {
            throw new IllegalArgumentException(subtrees.size() + " subtrees do not make " + size + " leaves");
        }
        byte[][] byLevel = new byte[LEVELS][];
        long left = size;
        for (byte[] subtree : subtrees) {
            if (subtree.length != TreeHash.LENGTH) {
                throw new IllegalArgumentException("not a hash's length");
            }
            long largest = Long.highestOneBit(left);
            byLevel[Long.numberOfTrailingZeros(largest)] = subtree.clone();
            left -= largest;
        }
        return new Frontier(byLevel, size);
    }

    /** How many leaves the tree has. */
    public long size() {
        return size;
    }

    /** Appends a leaf. */
    public void append(byte[] leafHash) {
        append(leafHash, (level, index, hash) -> {});
    }

    /** Appends a leaf and says which stored subtrees are full with it, the smallest first. */
    public void append(byte[] leafHash, Completed completed) {
        if (leafHash.length != TreeHash.LENGTH) {
            throw new IllegalArgumentException("not a hash's length");
        }
        byte[] hash = leafHash.clone();
        int level = 0;
        while (((size >> level) & 1) == 1) {
            hash = TreeHash.node(subtrees[level], hash);
            level++;
            if (level % LEVELS_PER_TILE == 0) {
                completed.completed(level / LEVELS_PER_TILE, size >> level, hash.clone());
            }
        }
        subtrees[level] = hash;
        size++;
    }

    /** The root of the tree. */
    public byte[] root() {
        return Subtrees.join(subtrees().toArray(byte[][]::new));
    }

    /** The roots of its full subtrees, the largest first: {@link #of} makes it again from them. */
    public List<byte[]> subtrees() {
        List<byte[]> roots = new ArrayList<>(Long.bitCount(size));
        for (int level = LEVELS - 1; level >= 0; level--) {
            if (((size >> level) & 1) == 1) {
                roots.add(subtrees[level].clone());
            }
        }
        return roots;
    }

    /** One that goes on independently of this one. */
    public Frontier copy() {
        // The hashes themselves are never written to.
        return new Frontier(subtrees.clone(), size);
    }
}

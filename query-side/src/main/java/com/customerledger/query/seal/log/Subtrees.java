package com.customerledger.query.seal.log;

/** The roots of ranges of leaves. */
final class Subtrees {

    private Subtrees() {}

    /**
     * The root over the leaves from {@code from} to before {@code to}.
     *
     * @param from divisible by the largest power of two that the range has room for, as in each proof
     */
    static <X extends Exception> byte[] root(long from, long to, Nodes<X> nodes) throws X {
        byte[][] roots = new byte[Long.bitCount(to - from)][];
        long begin = from;
        for (int i = 0; i < roots.length; i++) {
            int level = Long.numberOfTrailingZeros(Long.highestOneBit(to - begin));
            roots[i] = nodes.node(level, begin >> level);
            begin += 1L << level;
        }
        return join(roots);
    }

    /** The root over full subtrees, the largest first. */
    static byte[] join(byte[][] roots) {
        if (roots.length == 0) {
            return TreeHash.empty();
        }
        byte[] root = roots[roots.length - 1];
        for (int i = roots.length - 2; i >= 0; i--) {
            root = TreeHash.node(roots[i], root);
        }
        return root;
    }

    /** Where a tree of so many leaves, at least two, is divided: the largest power of two that is less. */
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}

package com.customerledger.query.seal.log;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Proofs that a tree was only appended to (RFC 9162, 2.1.4). */
public final class ConsistencyProof {

    private ConsistencyProof() {}

    /**
     * The path from the tree of the first {@code first} leaves, at least one, to that of the first {@code second}.
     *
     * @param nodes every full subtree of the first {@code second} leaves
     */
    public static <X extends Exception> List<byte[]> path(long first, long second, Nodes<X> nodes) throws X {
        if (first < 1 || first > second) {
            throw new IllegalArgumentException("no proof from " + first + " leaves to " + second);
        }
        List<byte[]> path = new ArrayList<>();
        long from = 0;
        long to = second;
        // Until the leaves in view are those of a full subtree of the first tree.
        while (first != to) {
            long middle = from + Subtrees.split(to - from);
            if (first <= middle) {
                path.add(Subtrees.root(middle, to, nodes));
                to = middle;
            } else {
                path.add(Subtrees.root(from, middle, nodes));
                from = middle;
            }
        }
        if (from > 0) {
            path.add(Subtrees.root(from, to, nodes));
        }
        Collections.reverse(path);
        return path;
    }

    /**
     * Whether the path proves that the second tree begins with the leaves of the first (RFC 9162, 2.1.4.2). False for
     * an empty first tree, of which there is nothing to prove.
     */
    public static boolean verify(long first, byte[] firstRoot, long second, byte[] secondRoot, List<byte[]> path) {
        if (first < 1
                || first > second
                || firstRoot.length != TreeHash.LENGTH
                || secondRoot.length != TreeHash.LENGTH
                || !Hashes.areHashes(path)) {
            return false;
        }
        if (first == second) {
            return path.isEmpty() && MessageDigest.isEqual(firstRoot, secondRoot);
        }
        if (path.isEmpty()) {
            return false;
        }
        // A first tree that is one full subtree is its own beginning, and the path leaves it out.
        boolean full = Long.bitCount(first) == 1;
        byte[] toFirst = full ? firstRoot : path.get(0);
        byte[] toSecond = toFirst;
        int skipped = Long.numberOfTrailingZeros(~(first - 1));
        long node = (first - 1) >> skipped;
        long last = (second - 1) >> skipped;
        for (byte[] next : path.subList(full ? 0 : 1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                toFirst = TreeHash.node(next, toFirst);
                toSecond = TreeHash.node(next, toSecond);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                toSecond = TreeHash.node(toSecond, next);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && MessageDigest.isEqual(toFirst, firstRoot) && MessageDigest.isEqual(toSecond, secondRoot);
    }
}

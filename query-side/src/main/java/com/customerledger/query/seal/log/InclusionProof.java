package com.customerledger.query.seal.log;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proofs that a leaf is in a tree (RFC 9162, 2.1.3). */
public final class InclusionProof {

    private InclusionProof() {}

    /**
     * The path for the leaf at {@code index} in the tree of the first {@code size} leaves: from the leaf's neighbour up.
     *
     * @param nodes every full subtree of the first {@code size} leaves
     */
    public static <X extends Exception> List<byte[]> path(long index, long size, Nodes<X> nodes) throws X {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " among " + size);
        }
        List<byte[]> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + Subtrees.split(to - from);
            if (index < middle) {
                path.add(Subtrees.root(middle, to, nodes));
                to = middle;
            } else {
                path.add(Subtrees.root(from, middle, nodes));
                from = middle;
            }
        }
        Collections.reverse(path);
        return path;
    }

    /** Whether the path proves that the leaf stands at {@code index} in the tree of that size and root. */
    public static boolean verify(byte[] leafHash, long index, long size, List<byte[]> path, byte[] root) {
        byte[] proven = root(leafHash, index, size, path);
        return proven != null && MessageDigest.isEqual(proven, root);
    }

    /** The root that the path leads to; null when it is not a path of such a leaf (RFC 9162, 2.1.3.2). */
    public static byte @Nullable [] root(byte[] leafHash, long index, long size, List<byte[]> path) {
        if (index < 0 || index >= size || !Hashes.areHashes(path) || leafHash.length != TreeHash.LENGTH) {
            return null;
        }
        long leaf = index;
        long last = size - 1;
        byte[] root = leafHash;
        for (byte[] next : path) {
            if (last == 0) {
                return null;
            }
            if ((leaf & 1) == 1 || leaf == last) {
                root = TreeHash.node(next, root);
                while ((leaf & 1) == 0 && leaf != 0) {
                    leaf >>= 1;
                    last >>= 1;
                }
            } else {
                root = TreeHash.node(root, next);
            }
            leaf >>= 1;
            last >>= 1;
        }
        return last == 0 ? root : null;
    }
}

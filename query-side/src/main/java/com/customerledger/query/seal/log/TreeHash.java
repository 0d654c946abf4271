package com.customerledger.query.seal.log;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes of a Merkle tree (RFC 9162, 2.1.1): SHA-256, with a first byte that tells leaves from nodes. Thread-safe.
 */
public final class TreeHash {

    /** Length in bytes of every hash. */
    public static final int LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;
    private static final ThreadLocal<TreeHash> OF_THREAD = ThreadLocal.withInitial(TreeHash::new);

    private final MessageDigest sha256 = sha256();
    private final byte[] node = new byte[1 + 2 * LENGTH];

    private TreeHash() {
        node[0] = NODE;
    }

    /** The root of the tree without leaves. */
    public static byte[] empty() {
        return OF_THREAD.get().sha256.digest();
    }

    /** The hash of a leaf with that content. */
    public static byte[] leaf(byte[] content) {
        return leaf(content, 0, content.length);
    }

    /** The hash of a leaf whose content is that part of an array. */
    public static byte[] leaf(byte[] array, int offset, int length) {
        MessageDigest sha256 = OF_THREAD.get().sha256;
        sha256.update(LEAF);
        sha256.update(array, offset, length);
        return sha256.digest();
    }

    /** The hash of the node over those two, of {@link #LENGTH} bytes each. */
    public static byte[] node(byte[] left, byte[] right) {
        if (left.length != LENGTH || right.length != LENGTH) {
            throw new IllegalArgumentException("not a hash's length");
        }
        TreeHash hash = OF_THREAD.get();
        System.arraycopy(left, 0, hash.node, 1, LENGTH);
        System.arraycopy(right, 0, hash.node, 1 + LENGTH, LENGTH);
        return hash.sha256.digest(hash.node);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package com.customerledger.query.seal.log;

/**
 * The hashes of a tree's full subtrees.
 *
 * @param <X> what keeps it from giving one
 */
@FunctionalInterface
public interface Nodes<X extends Exception> {

    /**
     * The root of a full subtree of 2^{@code level} leaves.
     *
     * @param level 0 for a single leaf, at most 62
     * @param index how many subtrees of that size are before it
     */
    byte[] node(int level, long index) throws X;
}

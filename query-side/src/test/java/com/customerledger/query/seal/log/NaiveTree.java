package com.customerledger.query.seal.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A tree and its proofs, word for word as RFC 9162 defines them, from the leaves each time. */
final class NaiveTree {

    private final List<byte[]> leafHashes;

    private NaiveTree(List<byte[]> leafHashes) {
        this.leafHashes = leafHashes;
    }

    static NaiveTree ofSize(int size) {
        return new NaiveTree(IntStream.range(0, size)
                .mapToObj(leaf -> TreeHash.leaf(("leaf " + leaf).getBytes(StandardCharsets.UTF_8)))
                .toList());
    }

    static NaiveTree of(List<byte[]> contents) {
        return new NaiveTree(contents.stream().map(TreeHash::leaf).toList());
    }

    List<byte[]> leafHashes() {
        return leafHashes;
    }

    byte[] root(int size) {
        return hash(leafHashes.subList(0, size));
    }

    byte[] node(int level, long index) {
        int width = 1 << level;
        int from = Math.toIntExact(index * width);
        return hash(leafHashes.subList(from, from + width));
    }

    List<byte[]> inclusion(int index, int size) {
        return inclusion(index, leafHashes.subList(0, size));
    }

    List<byte[]> consistency(int first, int second) {
        return consistency(first, leafHashes.subList(0, second), true);
    }

    private static byte[] hash(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return TreeHash.empty();
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int k = split(leaves);
        return TreeHash.node(hash(leaves.subList(0, k)), hash(leaves.subList(k, leaves.size())));
    }

    private static List<byte[]> inclusion(int index, List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return List.of();
        }
        int k = split(leaves);
        List<byte[]> left = leaves.subList(0, k);
        List<byte[]> right = leaves.subList(k, leaves.size());
        return index < k ? and(inclusion(index, left), hash(right)) : and(inclusion(index - k, right), hash(left));
    }

    private static List<byte[]> consistency(int first, List<byte[]> leaves, boolean known) {
        if (first == leaves.size()) {
            return known ? List.of() : List.of(hash(leaves));
        }
        int k = split(leaves);
        List<byte[]> left = leaves.subList(0, k);
        List<byte[]> right = leaves.subList(k, leaves.size());
        return first <= k
                ? and(consistency(first, left, known), hash(right))
                : and(consistency(first - k, right, false), hash(left));
    }

    private static List<byte[]> and(List<byte[]> path, byte[] last) {
        List<byte[]> longer = new ArrayList<>(path);
        longer.add(last);
        return longer;
    }

    private static int split(List<byte[]> leaves) {
        int k = 1;
        while (k * 2 < leaves.size()) {
            k *= 2;
        }
        return k;
    }
}

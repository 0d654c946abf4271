package com.customerledger.query.seal.log;

import static com.customerledger.query.seal.log.KnownTree.bytes;
import static com.customerledger.query.seal.log.KnownTree.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class TreeTest {

    /** Sizes on both sides of a power of two, and several levels of unfinished subtrees. */
    private static final int SIZE_MAX = 70;

    private final Random random = new Random(4);

    @Test
    void hashesAreThePublishedOnes() {
        Nodes<RuntimeException> nodes = NaiveTree.of(KnownTree.LEAVES)::node;
        for (int level = 0; level < KnownTree.NODES.size(); level++) {
            for (int index = 0; index < KnownTree.NODES.get(level).size(); index++) {
                assertThat(nodes.node(level, index))
                        .isEqualTo(KnownTree.NODES.get(level).get(index));
            }
        }
    }

    @Test
    void rootsAreThePublishedOnes() {
        Frontier frontier = new Frontier();
        List<byte[]> roots = new ArrayList<>(List.of(frontier.root()));
        for (byte[] leaf : KnownTree.LEAVES) {
            frontier.append(TreeHash.leaf(leaf));
            roots.add(frontier.root());
        }
        assertThat(hex(roots)).isEqualTo(hex(KnownTree.ROOTS));
    }

    /** The proofs of github.com/transparency-dev/merkle, testdata/inclusion (its happy paths), in the nodes' names. */
    @Test
    void inclusionProofsAreThePublishedOnes() {
        assertThat(inclusion(0, 1)).isEmpty();
        assertThat(inclusion(0, 8)).isEqualTo(known(0, 1, 1, 1, 2, 1));
        assertThat(inclusion(5, 8)).isEqualTo(known(0, 4, 1, 3, 2, 0));
        assertThat(inclusion(2, 3)).isEqualTo(known(1, 0));
        assertThat(inclusion(1, 5)).isEqualTo(known(0, 0, 1, 1, 0, 4));
    }

    /** The proofs of github.com/transparency-dev/merkle, testdata/consistency (its happy paths), in the nodes' names. */
    @Test
    void consistencyProofsAreThePublishedOnes() {
        assertThat(consistency(1, 1)).isEmpty();
        assertThat(consistency(1, 8)).isEqualTo(known(0, 1, 1, 1, 2, 1));
        assertThat(consistency(6, 8)).isEqualTo(known(1, 2, 1, 3, 2, 0));
        assertThat(consistency(2, 5)).isEqualTo(known(1, 1, 0, 4));
        assertThat(consistency(6, 7)).isEqualTo(known(1, 2, 0, 6, 2, 0));
    }

    private static List<String> inclusion(long index, long size) {
        return hex(InclusionProof.path(index, size, TreeTest::knownNode));
    }

    private static List<String> consistency(long first, long second) {
        return hex(ConsistencyProof.path(first, second, TreeTest::knownNode));
    }

    private static byte[] knownNode(int level, long index) {
        return KnownTree.NODES.get(level).get((int) index);
    }

    private static List<String> known(int... levelsAndIndexes) {
        List<byte[]> path = new ArrayList<>();
        for (int i = 0; i < levelsAndIndexes.length; i += 2) {
            path.add(knownNode(levelsAndIndexes[i], levelsAndIndexes[i + 1]));
        }
        return hex(path);
    }

    @Test
    void everyInclusionProofVerifiesAndNoChangedOneDoes() {
        NaiveTree tree = NaiveTree.ofSize(SIZE_MAX);
        for (int size = 1; size <= SIZE_MAX; size++) {
            byte[] root = tree.root(size);
            for (int index = 0; index < size; index++) {
                List<byte[]> path = InclusionProof.path(index, size, tree::node);
                assertThat(hex(path)).isEqualTo(hex(tree.inclusion(index, size)));
                byte[] leaf = tree.leafHashes().get(index);
                int at = index;
                int of = size;
                assertThat(InclusionProof.verify(leaf, at, of, path, root)).isTrue();
                everyChangeFails(path, changed -> InclusionProof.verify(leaf, at, of, changed, root));
                everyChangeFails(leaf, changed -> InclusionProof.verify(changed, at, of, path, root));
                everyChangeFails(root, changed -> InclusionProof.verify(leaf, at, of, path, changed));
                for (int other = 0; other < size; other++) {
                    assertThat(InclusionProof.verify(leaf, other, size, path, root))
                            .isEqualTo(other == index);
                }
                assertThat(InclusionProof.verify(leaf, index, index, path, root))
                        .isFalse();
                assertThat(InclusionProof.verify(leaf, -1, size, path, root)).isFalse();
            }
        }
    }

    @Test
    void everyConsistencyProofVerifiesAndNoChangedOneDoes() {
        NaiveTree tree = NaiveTree.ofSize(SIZE_MAX);
        for (int second = 1; second <= SIZE_MAX; second++) {
            byte[] secondRoot = tree.root(second);
            for (int first = 1; first <= second; first++) {
                byte[] firstRoot = tree.root(first);
                List<byte[]> path = ConsistencyProof.path(first, second, tree::node);
                assertThat(hex(path)).isEqualTo(hex(tree.consistency(first, second)));
                int from = first;
                int to = second;
                assertThat(ConsistencyProof.verify(from, firstRoot, to, secondRoot, path))
                        .isTrue();
                everyChangeFails(path, changed -> ConsistencyProof.verify(from, firstRoot, to, secondRoot, changed));
                everyChangeFails(firstRoot, changed -> ConsistencyProof.verify(from, changed, to, secondRoot, path));
                everyChangeFails(secondRoot, changed -> ConsistencyProof.verify(from, firstRoot, to, changed, path));
                assertThat(ConsistencyProof.verify(0, TreeHash.empty(), second, secondRoot, path))
                        .isFalse();
                assertThat(ConsistencyProof.verify(second + 1, firstRoot, second, secondRoot, path))
                        .isFalse();
            }
        }
    }

    /** One hash less, one more, one too short, and each hash with a flipped bit. */
    private void everyChangeFails(List<byte[]> path, Predicate<List<byte[]>> verification) {
        List<byte[]> longer = new ArrayList<>(path);
        longer.add(new byte[TreeHash.LENGTH]);
        assertThat(verification.test(longer)).isFalse();
        List<byte[]> earlier = new ArrayList<>(path);
        earlier.add(0, new byte[TreeHash.LENGTH]);
        assertThat(verification.test(earlier)).isFalse();
        if (path.isEmpty()) {
            return;
        }
        assertThat(verification.test(path.subList(0, path.size() - 1))).isFalse();
        assertThat(verification.test(path.subList(1, path.size()))).isFalse();
        for (int i = 0; i < path.size(); i++) {
            List<byte[]> changed = new ArrayList<>(path);
            changed.set(i, new byte[TreeHash.LENGTH - 1]);
            assertThat(verification.test(changed)).isFalse();
            int hash = i;
            everyChangeFails(path.get(i), flipped -> {
                changed.set(hash, flipped);
                return verification.test(changed);
            });
        }
    }

    private void everyChangeFails(byte[] hash, Predicate<byte[]> verification) {
        byte[] changed = hash.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        assertThat(verification.test(changed)).isFalse();
    }

    @Test
    void everyFlippedBitOfAProofIsSeen() {
        NaiveTree tree = NaiveTree.ofSize(11);
        List<byte[]> path = InclusionProof.path(6, 11, tree::node);
        byte[] leaf = tree.leafHashes().get(6);
        byte[] root = tree.root(11);
        for (byte[] hash : path) {
            for (int bit = 0; bit < TreeHash.LENGTH * Byte.SIZE; bit++) {
                hash[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                assertThat(InclusionProof.verify(leaf, 6, 11, path, root)).isFalse();
                hash[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            }
        }
        assertThat(InclusionProof.verify(leaf, 6, 11, path, root)).isTrue();
    }

    @Test
    void aFrontierGoesOnFromItsSubtrees() {
        NaiveTree tree = NaiveTree.ofSize(SIZE_MAX);
        Frontier frontier = new Frontier();
        for (int size = 1; size <= SIZE_MAX; size++) {
            Frontier restored = Frontier.of(frontier.size(), frontier.subtrees());
            Frontier copy = frontier.copy();
            frontier.append(tree.leafHashes().get(size - 1));
            restored.append(tree.leafHashes().get(size - 1));
            assertThat(frontier.size()).isEqualTo(size);
            assertThat(frontier.root()).isEqualTo(tree.root(size));
            assertThat(restored.root()).isEqualTo(frontier.root());
            assertThat(copy.root()).isEqualTo(tree.root(size - 1));
        }
        assertThatThrownBy(() -> Frontier.of(3, bytes("00"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Frontier.of(1, bytes("00"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFrontierTellsOfEachStoredSubtreeOnce() {
        record Told(int level, long index, String hash) {}
        byte[] leaf = TreeHash.leaf(new byte[0]);
        byte[] tile = leaf;
        for (int level = 0; level < Frontier.LEVELS_PER_TILE; level++) {
            tile = TreeHash.node(tile, tile);
        }
        byte[] tiles = tile;
        for (int level = 0; level < Frontier.LEVELS_PER_TILE; level++) {
            tiles = TreeHash.node(tiles, tiles);
        }
        List<Told> told = new ArrayList<>();
        List<Told> expected = new ArrayList<>();
        Frontier frontier = new Frontier();
        for (int size = 1; size <= 65_536 + 300; size++) {
            frontier.append(
                    leaf,
                    (level, index, hash) ->
                            told.add(new Told(level, index, hex(List.of(hash)).get(0))));
            if (size % 256 == 0) {
                expected.add(new Told(1, size / 256 - 1, hex(List.of(tile)).get(0)));
            }
            if (size == 65_536) {
                expected.add(new Told(2, 0, hex(List.of(tiles)).get(0)));
            }
        }
        assertThat(told).isEqualTo(expected);
    }

    @Test
    void aProofOfWhatIsNotThereIsABug() {
        assertThatThrownBy(() -> InclusionProof.path(3, 3, TreeTest::knownNode))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConsistencyProof.path(0, 3, TreeTest::knownNode))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConsistencyProof.path(4, 3, TreeTest::knownNode))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

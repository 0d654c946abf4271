package com.customerledger.query.seal.export;

import com.customerledger.query.seal.Leaf;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.InclusionProof;
import java.util.List;

/**
 * An event with the proof that it was sealed.
 *
 * @param leaf what the seal covers of it
 * @param leafIndex its place in the tree, from 0
 * @param proof the path from its leaf to the head's root
 */
record ExportedEvent(Leaf leaf, long leafIndex, List<byte[]> proof) {

    /** Whether the head's tree has exactly this event at its place. */
    boolean isUnder(Checkpoint head) {
        return InclusionProof.verify(leaf.hash(), leafIndex, head.size(), proof, head.root());
    }
}

package com.customerledger.query.seal.log;

import java.util.List;

/** The form of a proof. */
final class Hashes {

    private Hashes() {}

    static boolean areHashes(List<byte[]> path) {
        for (byte[] hash : path) {
            if (hash.length != TreeHash.LENGTH) {
                return false;
            }
        }
        return true;
    }
}

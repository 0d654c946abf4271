package com.customerledger.query.seal;

import com.customerledger.query.seal.log.VerifierKey;

/**
 * A stretch of the seal's life in which nothing was lost. Another one begins only when an operator accepts that events
 * which heads were signed for are not there any more.
 *
 * @param number from 1
 * @param firstSize how many leaves it begins with
 * @param key what verifies its heads, named like its origin
 * @param statement what its key says to its beginning, as a signed note
 */
record Epoch(int number, long firstSize, VerifierKey key, String statement) {

    /** The first line of its checkpoints, and its key's name. */
    String origin() {
        return key.name();
    }

    /** The origin of the epoch of that number on the same ledger. */
    static String origin(String ledger, int number) {
        return "customer-ledger/" + ledger + "/" + number;
    }

    /** The ledger that an origin names. */
    static String ledger(String origin) {
        return origin.split("/", -1)[1];
    }
}

package com.customerledger.query.seal;

import java.util.List;

/**
 * What a verification found.
 *
 * @param events how many events there are
 * @param verified how many of them are proven by a head to be as they were sealed
 * @param notYetSealed how many come behind the newest head
 * @param heads how many heads were compared
 * @param headsOutside how many of them came from outside the database
 * @param findings what is wrong; nothing when all is as it was
 * @param unlisted how many more findings there are
 */
record Judgement(
        long events,
        long verified,
        long notYetSealed,
        int heads,
        int headsOutside,
        List<Finding> findings,
        long unlisted) {

    /** Whether nothing is wrong. */
    boolean intact() {
        return findings.isEmpty();
    }
}

package com.customerledger.query.seal.export;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditProgress;
import com.customerledger.query.seal.SealedTree;
import com.customerledger.query.seal.SignedHead;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** Chooses the one head that all proofs of an export lead to. */
final class Pinning {

    /** How long to wait while nothing more is sealed or signed. */
    private static final long STANDSTILL_MAX_MS = 10_000;

    private static final long LOOK_EVERY_MS = 50;

    private Pinning() {}

    /**
     * A head for the newest event that is in the store now. Waits until there is one.
     *
     * @throws AuditException when nothing is sealed or signed for some seconds
     */
    static SignedHead head(SealedEvents events, SealedTree tree, AuditProgress progress) throws SQLException {
        long position = events.newestPosition();
        if (position == 0) {
            throw new AuditException("The ledger has no events");
        }
        long sealed = -1;
        long grewAt = System.nanoTime();
        while (true) {
            long index = events.leafIndex(position);
            SignedHead head = index < 0 ? null : tree.covering(index + 1);
            if (head != null) {
                return head;
            }
            long size = tree.size();
            if (size > sealed) {
                if (sealed < 0) {
                    progress.begins("waiting until the newest event is sealed and signed for", 0);
                }
                sealed = size;
                grewAt = System.nanoTime();
            }
            if (System.nanoTime() - grewAt > TimeUnit.MILLISECONDS.toNanos(STANDSTILL_MAX_MS)) {
                throw new AuditException("No head is signed for the newest events: start a ledger (./ledger serve) that"
                        + " seals and signs, and try again");
            }
            progress.reached(size);
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditException("Interrupted while waiting for a head", e);
        }
    }
}

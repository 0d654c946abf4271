package com.customerledger.events.audit;

import com.customerledger.events.database.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The proof that nothing was altered, for commands; found as a service. Every method throws an
 * {@link com.customerledger.events.UnavailableException} when the database can't answer, and an
 * {@link IllegalArgumentException} when there is no ledger in it. Thread-safe.
 */
public interface SealAudit {

    /**
     * Where things are that are not in the database.
     *
     * @param dataDir the node's data directory, with the heads that it has signed
     * @param keyFile the file of the private key, or null for the data directory's
     */
    record Places(Path dataDir, @Nullable Path keyFile) {}

    /**
     * What a verification compares with, beside the heads in the database and those in the data directory.
     *
     * @param checkpoints files with signed checkpoints, one or several each
     * @param publicKey a file with the public key as PEM, or null for the key file's public half
     */
    record Given(List<Path> checkpoints, @Nullable Path publicKey) {}

    /**
     * What a verification found.
     *
     * @param events how many events there are
     * @param verified how many of them are proven by a signed head to be as they were sealed
     * @param notYetSealed how many come behind the newest head
     * @param heads how many heads were compared
     * @param headsOutside how many of them came from outside the database
     * @param keyFromDatabase whether the key's only witness was the database itself
     * @param findings what is wrong, a sentence each; nothing when all is as it was
     * @param unlisted how many more findings there are
     */
    record Verdict(
            long events,
            long verified,
            long notYetSealed,
            int heads,
            int headsOutside,
            boolean keyFromDatabase,
            List<String> findings,
            long unlisted) {

        /** Whether nothing is wrong. */
        public boolean intact() {
            return findings.isEmpty();
        }
    }

    /**
     * What a drill has shown.
     *
     * @param attacks how many attacks each attacker made
     * @param detected how many of them the verifier noticed
     * @param located how many of them it located: to the event, or to the range between two outside heads
     * @param misses the attacks that were not detected or not located, a sentence each
     */
    record Score(int attacks, int detected, int located, List<String> misses) {}

    /**
     * What both attackers have achieved.
     *
     * @param events how many events were attacked
     * @param eventsOnly the one who changes events only
     * @param eventsAndSeal the one who also rewrites leaves, tree and heads
     */
    record DrillResult(int events, Score eventsOnly, Score eventsAndSeal) {}

    /** How many events the seal has, about: for a progress bar. */
    long size(LedgerDatabase database);

    /**
     * Reads every event again and compares with every head that is given.
     *
     * @param progress is told how many events were read
     * @throws IOException when a file can't be read
     * @throws IllegalArgumentException when a file holds something else than it should, with the reason
     */
    Verdict verify(LedgerDatabase database, Places files, Given given, LongConsumer progress) throws IOException;

    /**
     * Attacks copies of the first events, that only its own sessions see, and verifies after each attack.
     *
     * @param events how many events are copied at most
     * @param progress is told how many attacks were made
     * @throws IllegalArgumentException when there are too few events
     */
    DrillResult drill(LedgerDatabase database, int attacks, int events, long seed, LongConsumer progress);

    /**
     * Begins a new epoch with what is there, after events were lost that heads were signed for. Writes are taken again.
     *
     * @return what was done, for the operator
     * @throws IllegalStateException when nothing is lost, or more than the end, with the reason
     * @throws IOException when a file can't be read or written
     */
    String acceptRollback(LedgerDatabase database, Places files) throws IOException;
}

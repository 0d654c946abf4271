package com.customerledger.events.query;

import com.customerledger.events.UnavailableException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the seal says to those who want to prove something. Thread-safe. */
public interface SealQueries {

    /** How many events a receipt has at most. */
    int RECEIPT_EVENTS_MAX = 1_000;

    /**
     * A signed head of the tree.
     *
     * @param epoch the epoch that it was signed in
     * @param origin the log's name
     * @param size how many events it is for
     * @param root the tree's root, in base 64
     * @param note the C2SP checkpoint with its signature
     */
    record SignedCheckpoint(int epoch, String origin, long size, String root, String note) {}

    /**
     * A key that signs heads, or signed those of an epoch that is over.
     *
     * @param epoch the epoch
     * @param firstSize how many events the epoch began with
     * @param origin the log's name, and the key's
     * @param vkey the C2SP verifier key
     * @param pem the public key as PEM text
     * @param statement what the key says to the epoch's beginning, as a signed note
     */
    record EpochKey(int epoch, long firstSize, String origin, String vkey, String pem, String statement) {}

    /** The newest head, or nothing before the first. */
    Optional<SignedCheckpoint> newest();

    /**
     * The head that was signed at that size, or else the first one behind it; nothing when the tree is not that large.
     *
     * @param size at least 1
     * @throws UnavailableException when the tree is that large, and no head for that is signed in the time that reads wait
     */
    Optional<SignedCheckpoint> covering(long size);

    /** The keys of all epochs, the newest first; none before the first head. */
    List<EpochKey> keys();

    /**
     * A customer's events from a place on, the oldest first, each with its proof to one head, as a JSON object; nothing when
     * that merchant has no such customer. The head is for every event that was acknowledged before the call.
     *
     * @param after the sequence of the last event that is not wanted any more, or null for none
     * @throws UnavailableException when no such head is signed in the time that reads wait
     */
    Optional<byte[]> receipt(String merchantId, String customerId, @Nullable Long after);
}

package com.customerledger.events.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the signing of the seal's heads is, as this node knows it. Answers from memory, at once. Thread-safe. */
public interface SealHealth {

    /** How it is now. */
    State state();

    /**
     * What is known.
     *
     * @param signing whether this node signs
     * @param trouble why it can't, or null
     * @param epoch the newest head's epoch, 0 where none is known
     * @param size how many events that head is for
     * @param signedAt when it was signed, or null where none is known
     */
    record State(
            boolean signing,
            @Nullable String trouble,
            int epoch,
            long size,
            @Nullable Instant signedAt) {}
}

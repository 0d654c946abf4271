package com.customerledger.events.command;

/** What a batch that succeeded is answered with. The array is shared, not copied: nobody changes it. */
public final class Answer {

    private final byte[] body;
    private final boolean replayed;

    /**
     * Keeps both as they are.
     *
     * @param body the whole answer, JSON in UTF-8; with an idempotency key it is stored as it stands here, and a
     *     repetition gets the same bytes
     * @param replayed whether it is the answer of an earlier request with the same idempotency key
     */
    public Answer(byte[] body, boolean replayed) {
        this.body = body;
        this.replayed = replayed;
    }

    /** The whole answer, JSON in UTF-8. */
    public byte[] body() {
        return body;
    }

    /** Whether it is the answer of an earlier request with the same idempotency key. */
    public boolean replayed() {
        return replayed;
    }
}

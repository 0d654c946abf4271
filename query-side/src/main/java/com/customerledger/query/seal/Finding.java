package com.customerledger.query.seal;

/**
 * Something that is not as it was sealed.
 *
 * @param kind what was done
 * @param position the event's position, or {@link #NO_POSITION} when it can't be told which event it was
 * @param fromSize the leaves before this one are proven to be as they were
 * @param toSize the finding is among the leaves before this one
 * @param text what it is, for an auditor
 */
record Finding(Kind kind, long position, long fromSize, long toSize, String text) {

    static final long NO_POSITION = -1;

    /** What was done. */
    enum Kind {
        /** An event is not the one that was sealed. */
        CHANGED,
        /** An event that was sealed is not there. */
        REMOVED,
        /** The same, and nothing that was sealed after it is there either. */
        CUT,
        /** An event is there that was not sealed, before others that were. */
        ADDED,
        /** An event stands where another was sealed. */
        REORDERED,
        /** A customer's events don't follow one another. */
        SEQUENCE,
        /** Somewhere between two heads events and seal were both rewritten. */
        REWRITTEN,
        /** The seal's own rows, not the events, are not as they were. */
        SEAL,
        /** A head is missing, changed, or signed by somebody else. */
        HEAD
    }
}

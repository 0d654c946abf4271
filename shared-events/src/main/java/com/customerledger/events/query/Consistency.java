package com.customerledger.events.query;

/** How fresh an answer must be. */
public enum Consistency {
    /** It has every write that was acknowledged before the question arrived, or it is not given. */
    STRONG,
    /** It has what the view has now. */
    EVENTUAL
}

package com.customerledger.command.store;

/** What an aggregate is after its events so far, as {@link LedgerEventStorageEngine#remember} takes it. Immutable. */
public interface AggregateState {

    /** About how many bytes of memory it takes. */
    int bytes();
}

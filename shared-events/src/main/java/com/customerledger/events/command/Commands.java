package com.customerledger.events.command;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.refusal.RefusedException;

/** The way into the write side. Thread-safe. */
public interface Commands {

    /**
     * Carries the batch out in one transaction, on the caller's thread. When it returns, every event of the batch is
     * stored durably; when it throws, none is, but for an {@link UnavailableException} that says otherwise.
     *
     * @throws RefusedException with every fault of every record
     * @throws UnavailableException when the ledger can't answer now
     */
    Answer execute(Command command);
}

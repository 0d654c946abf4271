package com.customerledger.command.store;

import java.sql.SQLException;

/** A reference that a transaction was to take is another customer's; which one is to be asked for. */
public final class ReferencesTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReferencesTakenException(SQLException cause) {
        super(cause);
    }
}

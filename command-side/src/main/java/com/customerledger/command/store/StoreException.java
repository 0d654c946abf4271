package com.customerledger.command.store;

import java.sql.SQLException;

/** The database refused or failed a statement of the write side. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoreException(SQLException cause) {
        super(cause);
    }
}

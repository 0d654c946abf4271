package com.customerledger.command.database.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The data directory or its PostgreSQL cannot be used. The message is meant for the person who started the ledger: it says what is wrong
 * and what to do, and holds neither a password nor personal data.
 */
public final class EmbeddedDatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EmbeddedDatabaseException(String message) {
        super(message);
    }

    EmbeddedDatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static EmbeddedDatabaseException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new EmbeddedDatabaseException("Interrupted while waiting for the embedded PostgreSQL", cause);
    }
}

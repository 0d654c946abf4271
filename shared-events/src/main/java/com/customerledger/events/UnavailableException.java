package com.customerledger.events;

import org.jspecify.annotations.Nullable;

/**
 * The ledger can't answer now. Either nothing was written, or it is not known whether the transaction ended well: the
 * same request can be sent again safely, a write with the same idempotency key.
 */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int retryAfterSeconds;

    public UnavailableException(String message, @Nullable Throwable cause) {
        this(message, 1, cause);
    }

    public UnavailableException(String message, int retryAfterSeconds, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** When to try again, in seconds. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

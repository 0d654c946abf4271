package com.customerledger.query.seal;

import org.jspecify.annotations.Nullable;

/** The seal is not as it must be, or can't be read. */
public final class SealException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Without a cause. */
    public SealException(String message) {
        this(message, null);
    }

    SealException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package com.customerledger.events.audit;

import org.jspecify.annotations.Nullable;

/** A piece of audit work can't be done; the message is for whoever asked for it. */
public final class AuditException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Without a cause. */
    public AuditException(String message) {
        this(message, null);
    }

    /** With a cause. */
    public AuditException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package com.customerledger.events.views;

/** An operation on a view that can't be done; nothing was changed. The message says why, for operators. */
public final class OperationRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Of what kind the reason is. */
    public enum Reason {
        /** There is no such view or generation. */
        UNKNOWN,
        /** As things are now it is not to be done. */
        CONFLICT,
        /** The view itself is at fault. */
        FAULTY_VIEW
    }

    private final Reason reason;

    public OperationRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public OperationRefusedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Of what kind the reason is. */
    public Reason reason() {
        return reason;
    }
}

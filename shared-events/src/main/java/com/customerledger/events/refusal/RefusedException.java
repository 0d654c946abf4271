package com.customerledger.events.refusal;

/** Carries a {@link Refusal} out of a transaction, which is rolled back by it. Has no stack trace: it is an answer. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    /** What is to be answered. */
    public Refusal refusal() {
        return refusal;
    }
}

package com.customerledger.gateway.http.errors;

/** Carries an {@link ErrorAnswer} to where it is written. Has no stack trace: it is an answer. */
public final class ErrorAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ErrorAnswer answer;

    public ErrorAnswerException(ErrorAnswer answer) {
        super(answer.refusal().message(), null, false, false);
        this.answer = answer;
    }

    /** What is to be answered. */
    public ErrorAnswer answer() {
        return answer;
    }
}

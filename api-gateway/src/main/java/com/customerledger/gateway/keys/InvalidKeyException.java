package com.customerledger.gateway.keys;

/**
 * There is no such key, its secret is another, or it is disabled: which of them is not said. Has no stack trace: it is
 * an answer.
 */
public final class InvalidKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidKeyException() {
        super("Invalid API key", null, false, false);
    }
}

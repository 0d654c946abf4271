package com.customerledger.query.seal.export;

/** A part of an export is not as an export writes it. The message says what is wrong with it. */
final class BrokenException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenException(String message) {
        super(message);
    }

    BrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}

package com.customerledger.query.seal.log;

/** A text that is not what it was read as: a note, a checkpoint or a key. The message says what is wrong with it. */
public final class MalformedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Without a cause. */
    public MalformedException(String message) {
        super(message);
    }

    MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}

package com.customerledger.gateway.commands;

/** A command can't go on; the message is for the person who typed it, and the exit code is 1. */
class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }

    CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

package com.customerledger.events;

/**
 * The store holds an event of a type or revision that this version of the program does not know: a newer version wrote
 * it. Whoever reads on stops before it.
 */
public final class UnknownEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnknownEventException(String type, int revision) {
        super("this version does not know the event " + type + " in revision " + revision);
    }
}

package com.customerledger.events.refusal;

/**
 * The closed list of the API's error codes, in order of precedence: when faults of several codes meet in one batch,
 * the lowest is the answer's.
 */
public enum ErrorCode {
    /** Invalid API key, or the key is not allowed to do this. */
    ACCESS("001"),
    /** The body's layout: not JSON, no records, too many of them. */
    LAYOUT("002"),
    /** A body parameter of the wrong type, unknown, or missing. */
    PARAMETER("003"),
    /** A lookup id that does not exist, or is of another type than the field needs. */
    LOOKUP("004"),
    /** The right type, and a wrong value. */
    VALUE("005"),
    /** A malformed or unknown query or path parameter, request line or header. */
    REQUEST("006"),
    /** The record is not there, or is another merchant's. */
    NOT_FOUND("007"),
    /** The record's state, reference, version, payments or the idempotency key are in the way. */
    CONFLICT("008"),
    /** Too many requests. */
    RATE("009"),
    /** Temporarily unavailable: nothing was written, or the same request can be sent again safely. */
    UNAVAILABLE("010"),
    /** Unexpected. */
    INTERNAL("011");

    private final String code;

    ErrorCode(String code) {
        this.code = code;
    }

    /** The three digits as they stand in an answer. */
    public String code() {
        return code;
    }
}

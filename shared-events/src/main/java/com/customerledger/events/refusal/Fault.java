package com.customerledger.events.refusal;

/**
 * What is wrong with one field of one record.
 *
 * @param code the error code that this fault alone would give
 * @param field the field as it was named in the request
 * @param rule the rule that it breaks, a stable word for programs
 * @param message the same for people; it never repeats a value
 */
public record Fault(ErrorCode code, String field, String rule, String message) {}

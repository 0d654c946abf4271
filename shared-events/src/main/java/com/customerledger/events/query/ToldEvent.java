package com.customerledger.events.query;

/**
 * An event as merchants are told of it.
 *
 * @param number its number among the merchant's events, from 1 without a gap
 * @param customerId the customer that it happened to
 * @param sequence its place among that customer's events, from 0
 * @param keyId the public part of the API key that caused it
 * @param entry what happened: a JSON object without its opening brace, with the members version, type, at, actor, reason,
 *     request_id and changes in this order
 */
public record ToldEvent(long number, String customerId, int sequence, String keyId, String entry) {

    /** Where it stands: the entry is personal. */
    @Override
    public String toString() {
        return "ToldEvent[" + number + "]";
    }
}

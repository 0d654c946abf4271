package com.customerledger.events.query;

/**
 * One customer.
 *
 * @param version its version, the record's entity tag
 * @param json the record, JSON in UTF-8
 * @param lagMillis how far the view is behind the newest event, in milliseconds; 0 when it has them all
 */
public record FoundCustomer(int version, byte[] json, long lagMillis) {}

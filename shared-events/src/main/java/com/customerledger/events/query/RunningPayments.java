package com.customerledger.events.query;

/**
 * The running payments of one customer.
 *
 * @param json the results, a JSON array in UTF-8, oldest first
 * @param lagMillis how far the views are behind the newest event, in milliseconds; 0 when they have them all
 */
public record RunningPayments(byte[] json, long lagMillis) {}

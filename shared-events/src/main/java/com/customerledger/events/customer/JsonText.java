package com.customerledger.events.customer;

/**
 * A JSON object kept as its exact text.
 *
 * @param compact without white space between tokens; numbers as they were sent
 */
public record JsonText(String compact) {}

package com.customerledger.events.audit;

/**
 * What an export holds.
 *
 * @param first the number of its first event
 * @param last the number of its last event
 * @param newest the merchant's last number under the head
 * @param size how many events of all merchants the head is for
 * @param written how many events were written now; fewer than there are where an earlier run had begun
 * @param finishedBefore whether it was finished already and nothing was written
 */
public record Exported(long first, long last, long newest, long size, long written, boolean finishedBefore) {}

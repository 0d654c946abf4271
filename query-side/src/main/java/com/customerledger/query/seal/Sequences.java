package com.customerledger.query.seal;

import java.nio.ByteBuffer;

/**
 * What each customer's next sequence is: customers by 64 bits of a hash of their ids, which among ten million of them
 * meet with a chance of one in 300,000. For one thread.
 */
final class Sequences {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int CAPACITY_AT_START = 1 << 12;

    private long[] customers = new long[CAPACITY_AT_START];
    private int[] nexts = new int[CAPACITY_AT_START];
    private int count;

    /** What the customer's sequence is to be now; from here on it is to be one more than {@code actual}. */
    int expected(ByteBuffer customerId, int actual) {
        if (count * 2 > customers.length) {
            grow();
        }
        long customer = hash(customerId);
        int slot = slot(customer);
        int expected = nexts[slot];
        if (customers[slot] == 0) {
            count++;
            customers[slot] = customer;
        }
        nexts[slot] = actual + 1;
        return expected;
    }

    private static long hash(ByteBuffer id) {
        long hash = id.remaining();
        int end = id.limit();
        for (int i = id.position(); i < end; i++) {
            hash = (hash ^ id.get(i)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        // Zero marks a free slot.
        return hash == 0 ? 1 : hash;
    }

    private int slot(long customer) {
        int mask = customers.length - 1;
        int slot = (int) ((customer * MULTIPLIER) >>> 20) & mask;
        while (customers[slot] != 0 && customers[slot] != customer) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldCustomers = customers;
        int[] oldNexts = nexts;
        customers = new long[oldCustomers.length * 2];
        nexts = new int[customers.length];
        for (int i = 0; i < oldCustomers.length; i++) {
            if (oldCustomers[i] != 0) {
                int slot = slot(oldCustomers[i]);
                customers[slot] = oldCustomers[i];
                nexts[slot] = oldNexts[i];
            }
        }
    }
}

package com.customerledger.query.customers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A customer's place by age: the microseconds since 1970 at which it was created, negated. The newest is the smallest,
 * so that a list, newest first and ties by id, is one ascending walk along an index, and a page of it begins with one
 * comparison of rows.
 */
final class Rank {

    private Rank() {}

    static long of(Instant createdAt) {
        return ofMicros(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt));
    }

    static long ofMicros(long micros) {
        return -micros;
    }

    static long micros(long rank) {
        return -rank;
    }

    static Instant createdAt(long rank) {
        return Instant.EPOCH.plus(micros(rank), ChronoUnit.MICROS);
    }
}

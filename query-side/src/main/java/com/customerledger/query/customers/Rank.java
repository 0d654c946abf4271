package com.customerledger.query.customers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A customer's place by age: the microseconds since 1970 at which it was created, negated. The newest is the smallest,
 * so that a list, newest first and ties by id, is one ascending walk along an index, and a page of it begins with one
 * comparison of rows.
 */
final class Rank {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private Rank() {}

    static long of(Instant createdAt) {
        // Not by ChronoUnit: it counts in nanoseconds on its way, and a long has those of 292 years only.
        return ofMicros(Math.addExact(
                Math.multiplyExact(createdAt.getEpochSecond(), MICROS_PER_SECOND),
                createdAt.getNano() / NANOS_PER_MICRO));
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

    /** When a customer was created, in SQL. */
    static String createdAtOf(String rank) {
        return "timestamptz 'epoch' - " + rank + " * interval '1 microsecond'";
    }
}

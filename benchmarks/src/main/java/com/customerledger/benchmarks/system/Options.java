package com.customerledger.benchmarks.system;

import java.time.Duration;
import java.util.Locale;

/**
 * How much is measured.
 *
 * @param customers how many the store has before anything is measured that depends on it
 * @param changes how often each of them was changed by then
 * @param duration how long each figure is measured, after its warm-up
 */
record Options(int customers, int changes, Duration duration) {

    /** Records in one request, where the customers are not made for their own sake. */
    static final int BATCH = 1_000;

    /** The name of the part of the results that has what depends on that. */
    String part() {
        String part = String.format(Locale.ROOT, "%,d customers", customers);
        return changes == 0 ? part : part + String.format(Locale.ROOT, " of %d events each", changes + 1);
    }
}

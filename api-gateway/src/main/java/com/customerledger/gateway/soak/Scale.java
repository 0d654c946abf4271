package com.customerledger.gateway.soak;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param load how long each load is kept up
 * @param repetitions how often each thing is killed
 * @param silence how long a database says nothing
 * @param whole whether also what takes long by itself is shown
 */
record Scale(Duration load, int repetitions, Duration silence, boolean whole) {

    /** What the README promises. */
    static final int REPETITIONS = 5;

    /** As long as it takes to see that the scenarios work, for tests. */
    static final Scale SHORT = new Scale(Duration.ofMillis(1_500), 1, Duration.ofSeconds(2), false);

    static Scale full(Duration load) {
        return new Scale(load, REPETITIONS, Duration.ofSeconds(12), true);
    }

    /** A part of the load's time. */
    Duration share(int parts) {
        return load.dividedBy(parts);
    }
}

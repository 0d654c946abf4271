package com.customerledger.gateway.soak;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param load how long each load is kept up
 * @param repetitions how often each thing is killed
 */
record Scale(Duration load, int repetitions) {

    /** What issue and README promise. */
    static final int REPETITIONS = 5;

    /** As long as it takes to see that the scenarios work, for tests. */
    static final Scale SHORT = new Scale(Duration.ofMillis(1_500), 1);

    static Scale full(Duration load) {
        return new Scale(load, REPETITIONS);
    }

    /** A part of the load's time. */
    Duration share(int parts) {
        return load.dividedBy(parts);
    }
}

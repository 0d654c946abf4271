package com.customerledger.gateway.soak;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much is done.
 *
 * @param load how long each load is kept up
 * @param repetitions how often each thing is killed
 * @param silence how long a database says nothing
 * @param whole whether also what takes long by itself is shown
 * @param customers a file of those that are there before a rebuild, or null
 */
record Scale(
        Duration load,
        int repetitions,
        Duration silence,
        boolean whole,
        @Nullable Path customers) {

    /** What the README promises. */
    static final int REPETITIONS = 5;

    /** As long as it takes to see that the scenarios work, for tests. */
    static final Scale SHORT = new Scale(Duration.ofMillis(1_500), 1, Duration.ofSeconds(2), false, null);

    static Scale full(Duration load, @Nullable Path customers) {
        return new Scale(load, REPETITIONS, Duration.ofSeconds(12), true, customers);
    }

    /** A part of the load's time. */
    Duration share(int parts) {
        return load.dividedBy(parts);
    }
}

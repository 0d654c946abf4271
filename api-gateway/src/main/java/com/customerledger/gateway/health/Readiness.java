package com.customerledger.gateway.health;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether every call is answered. Anybody may ask, so what is found is good for {@value #GOOD_MS} ms, and one asker at a
 * time finds it while the others get the last finding. Thread-safe.
 */
public final class Readiness {

    private static final long GOOD_MS = 500;
    private static final long LOOK_EVERY_MS = 20;

    private final HealthEndpoint endpoint;
    private final ReentrantLock finding = new ReentrantLock();
    private volatile @Nullable Finding last;

    Readiness(HealthEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    private record Finding(boolean up, long atNs) {

        boolean good() {
            return System.nanoTime() - atNs < TimeUnit.MILLISECONDS.toNanos(GOOD_MS);
        }
    }

    /** Whether it is so now. */
    public boolean up() {
        Finding known = last;
        if (known != null && (known.good() || !finding.tryLock())) {
            return known.up();
        }
        if (known == null) {
            finding.lock();
        }
        try {
            Finding found = last;
            if (found == null || !found.good()) {
                found = find();
            }
            return found.up();
        } finally {
            finding.unlock();
        }
    }

    /**
     * Waits until every call is answered.
     *
     * @param limitMs how long at most, in milliseconds
     * @return whether it came to that in time
     */
    public boolean await(long limitMs) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        boolean up = find().up();
        while (!up && System.nanoTime() - endNs < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            up = find().up();
        }
        return up;
    }

    private Finding find() {
        Finding found = new Finding(Status.UP.equals(endpoint.health().getStatus()), System.nanoTime());
        last = found;
        return found;
    }
}

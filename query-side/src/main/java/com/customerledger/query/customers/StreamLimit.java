package com.customerledger.query.customers;

import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts the whole lists that each key has running. Thread-safe. */
final class StreamLimit {

    private final int perKeyMax;
    private final ConcurrentMap<String, Integer> running = new ConcurrentHashMap<>();

    StreamLimit(int perKeyMax) {
        this.perKeyMax = perKeyMax;
    }

    /**
     * Counts one more.
     *
     * @return to be run once, when it has ended
     * @throws RefusedException when the key has as many as it may
     */
    Runnable enter(String key) {
        running.merge(key, 1, (count, one) -> {
            if (count >= perKeyMax) {
                throw new RefusedException(Refusal.of(
                        ErrorCode.RATE, "Too many whole lists of this key are running; at most " + perKeyMax));
            }
            return count + one;
        });
        return () -> running.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null);
    }
}

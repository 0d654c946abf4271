package com.customerledger.gateway.http.history;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Counts the feeds that are open, and ends them when the server does. Thread-safe. */
@Component
final class OpenFeeds implements SmartLifecycle {

    private final FeedSettings settings;
    private final Map<String, Integer> perKey = new HashMap<>();
    private int open;
    private volatile boolean running;

    OpenFeeds(FeedSettings settings) {
        this.settings = settings;
    }

    /** A feed that is open. */
    interface Seat extends AutoCloseable {

        /** Whether the server goes on. */
        boolean isKept();

        /** Makes room for another. */
        @Override
        void close();
    }

    /**
     * Opens one more feed of that key.
     *
     * @throws RefusedException when the key, or this node, has as many as it may
     */
    synchronized Seat open(String key) {
        if (!running) {
            throw new UnavailableException("This node ends", null);
        }
        if (perKey.getOrDefault(key, 0) >= settings.streamsPerKeyMax()) {
            throw refused("Too many feeds of this key are open; at most " + settings.streamsPerKeyMax());
        }
        if (open >= settings.streamsMax()) {
            throw refused("Too many feeds are open; at most " + settings.streamsMax());
        }
        open++;
        perKey.merge(key, 1, Integer::sum);
        return new Seat() {
            @Override
            public boolean isKept() {
                return running;
            }

            @Override
            public void close() {
                leave(key);
            }
        };
    }

    private static RefusedException refused(String message) {
        return new RefusedException(Refusal.of(ErrorCode.RATE, message));
    }

    private synchronized void leave(String key) {
        open--;
        perKey.computeIfPresent(key, (same, count) -> count > 1 ? count - 1 : null);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The first to stop: the web server waits for its open requests to end. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}

package com.customerledger.query.view;

import com.customerledger.events.Handover;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this process has decided and its views have not read yet: of such an event neither what it says nor what its
 * customer was before has to be read again. What is missing here is read, so that nothing depends on it. Thread-safe.
 */
final class DecidedHere implements Handover {

    /** About what two reads hand on. */
    private static final int EVENTS_MAX = 2 * Tail.EVENTS_MAX;

    private static final long CHARACTERS_MAX = Tail.CHARACTERS_MAX;

    /** After how long without a read nobody follows in this process: its views have other owners. */
    private static final long FOLLOWED_MS = 5_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<UUID, Decided> events = new LinkedHashMap<>();
    private long characters;
    private long followedUntilNanos = System.nanoTime();

    @Override
    public void take(List<Decided> decided) {
        lock.lock();
        try {
            if (System.nanoTime() - followedUntilNanos >= 0) {
                events.clear();
                characters = 0;
                return;
            }
            for (Decided each : decided) {
                events.put(each.id(), each);
                characters += each.payload().length();
            }
            // What was refused by the store is never asked for.
            Iterator<Decided> eldest = events.values().iterator();
            while (events.size() > EVENTS_MAX || characters > CHARACTERS_MAX) {
                characters -= eldest.next().payload().length();
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells those of the events that are here what is known of them, and forgets it. */
    void tell(List<RecordedEvent> recorded) {
        lock.lock();
        try {
            followedUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FOLLOWED_MS);
            if (events.isEmpty()) {
                return;
            }
            for (RecordedEvent each : recorded) {
                Decided decided = events.remove(each.id());
                if (decided != null) {
                    characters -= decided.payload().length();
                    // What counts is what is stored.
                    if (decided.payload().equals(each.payload())) {
                        each.know(decided.event(), decided.before());
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }
}

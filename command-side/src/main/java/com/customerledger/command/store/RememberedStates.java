package com.customerledger.command.store;

import com.customerledger.events.LedgerEvent;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;

/**
 * What aggregates became by the events that this process appended last, so that loading one reads only what follows. It is
 * never relied on alone: a load or an append asks the store for the event that made the state, and where that is not there
 * any more, or another stands in its place, the stream is read from its beginning. Thread-safe.
 */
final class RememberedStates {

    /** How much of the heap they may take: those that are changed most often, so that others do not push them out. */
    private static final long BYTES_MAX =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    /**
     * A state.
     *
     * @param eventId the event that made it
     * @param sequence that event's place in its aggregate's stream
     * @param at that event's time, to the microsecond
     */
    record Remembered(String eventId, long sequence, Instant at, AggregateState state) {

        /** Whether it is the state after the event that stands in its place. */
        boolean isAfter(String id, Instant time) {
            return eventId.equals(id) && at.equals(time);
        }

        /** Stands in a stream for all events up to the one that made it. */
        DomainEventMessage<?> message(String aggregateId) {
            return new GenericDomainEventMessage<>(
                    LedgerEventStorageEngine.AGGREGATE, aggregateId, sequence, state, Map.of(), eventId, at);
        }
    }

    private final Cache<String, Remembered> states = Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .weigher((String id, Remembered each) -> each.state().bytes())
            .build();

    /** Those of the aggregates that are remembered, by their ids. */
    Map<String, Remembered> of(Collection<String> aggregateIds) {
        return states.getAllPresent(aggregateIds);
    }

    /**
     * Remembers what events made that were committed.
     *
     * @param after the states after all of these events, by the aggregates' ids
     */
    void committed(List<? extends EventMessage<?>> events, Map<String, ? extends AggregateState> after) {
        Map<String, Remembered> newest = new HashMap<>();
        for (EventMessage<?> each : events) {
            DomainEventMessage<?> message = (DomainEventMessage<?>) each;
            LedgerEvent event = (LedgerEvent) message.getPayload();
            AggregateState state = after.get(event.customerId());
            if (state != null) {
                Instant at = event.at().truncatedTo(ChronoUnit.MICROS);
                newest.put(
                        event.customerId(),
                        new Remembered(message.getIdentifier(), message.getSequenceNumber(), at, state));
            }
        }
        states.putAll(newest);
    }

    /** Forgets what turned out not to be so. */
    void forget(Collection<String> aggregateIds) {
        states.invalidateAll(aggregateIds);
    }
}

package com.customerledger.query.tail;

import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.UnknownEventException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the store holds it, column by column. What its texts mean is read only when asked for, because most
 * readers need a part of it only. Not thread-safe.
 */
public final class RecordedEvent {

    private final long position;
    private final UUID id;
    private final String customerId;
    private final int sequence;
    private final String type;
    private final int revision;
    private final Instant at;
    private final String payload;
    private final String metadata;
    private @Nullable LedgerEvent event;

    RecordedEvent(
            long position,
            UUID id,
            String customerId,
            int sequence,
            String type,
            int revision,
            Instant at,
            String payload,
            String metadata) {
        this.position = position;
        this.id = id;
        this.customerId = customerId;
        this.sequence = sequence;
        this.type = type;
        this.revision = revision;
        this.at = at;
        this.payload = payload;
        this.metadata = metadata;
    }

    /** Its place in the store's order; see {@link com.customerledger.events.Positions}. */
    public long position() {
        return position;
    }

    /** Its own id. */
    public UUID id() {
        return id;
    }

    /** The customer it happened to. */
    public String customerId() {
        return customerId;
    }

    /** Its place among its customer's events, from 0. */
    public int sequence() {
        return sequence;
    }

    /** The logical name of its type. */
    public String type() {
        return type;
    }

    /** The revision of its type that its payload is written in. */
    public int revision() {
        return revision;
    }

    /** When it happened, in whole microseconds. */
    public Instant at() {
        return at;
    }

    /** The exact text of its payload. */
    public String payload() {
        return payload;
    }

    /** The exact text of its metadata. */
    public String metadata() {
        return metadata;
    }

    /**
     * What happened. Read off the payload once.
     *
     * @throws UnknownEventException for a type or revision that this version does not know
     */
    public LedgerEvent event() {
        LedgerEvent read = event;
        if (read == null) {
            read = EventCodec.event(type, revision, customerId, at, payload);
            event = read;
        }
        return read;
    }

    /** What caused it. Read off the metadata at each call. */
    public EventMetadata cause() {
        return EventCodec.metadata(metadata);
    }

    /** Where it stands and what type it has: nothing that is personal. */
    @Override
    public String toString() {
        return type + " at " + position;
    }
}

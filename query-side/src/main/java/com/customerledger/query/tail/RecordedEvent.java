package com.customerledger.query.tail;

import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PlainCreation;
import com.customerledger.events.UnknownEventException;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.database.BinaryRows;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the store holds it, column by column. What its texts mean is read only when asked for, because most
 * readers need a part of it only. Not thread-safe.
 */
public final class RecordedEvent {

    /** What {@link #read} expects of a row, in this order. */
    public static final String COLUMNS =
            "position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata ";

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
    private @Nullable PlainCreation plain;
    private @Nullable CustomerRecord before;

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

    /** The event that a row with the {@link #COLUMNS} holds. */
    public static RecordedEvent read(ResultSet row) throws SQLException {
        return new RecordedEvent(
                row.getLong(1),
                row.getObject(2, UUID.class),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                row.getInt(6),
                row.getObject(7, OffsetDateTime.class).toInstant(),
                row.getString(8),
                row.getString(9));
    }

    /** The same from a binary copy. */
    static RecordedEvent read(ByteBuffer row) {
        return new RecordedEvent(
                BinaryRows.bigint(row),
                BinaryRows.uuid(row),
                BinaryRows.text(row),
                BinaryRows.integer(row),
                BinaryRows.text(row),
                BinaryRows.smallint(row),
                BinaryRows.timestamptz(row),
                BinaryRows.text(row),
                BinaryRows.text(row));
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

    /**
     * Looks whether it is a plain creation, for who can do with that. Whether this version knows what happened is settled
     * with it.
     */
    public void seekPlainCreation() {
        if (event == null) {
            plain = PlainCreation.of(type, revision, customerId, payload);
        }
    }

    /** The creation that it tells of, as {@link #seekPlainCreation} found it; null where nobody sought or there is none. */
    public @Nullable PlainCreation plainCreation() {
        return plain;
    }

    /** Why this version can't know what happened, or null. */
    public @Nullable UnknownEventException unknown() {
        if (plain != null) {
            return null;
        }
        try {
            event();
            return null;
        } catch (UnknownEventException e) {
            return e;
        } catch (RuntimeException e) {
            // Known, and broken: whoever applies it meets that again.
            return null;
        }
    }

    /**
     * Takes over from whoever decided it what it says, which is not read off the payload then.
     *
     * @param decided what the payload says
     * @param customer what its customer was before it, or null where that is not known
     */
    public void know(LedgerEvent decided, @Nullable CustomerRecord customer) {
        event = decided;
        before = customer;
    }

    /** What its customer was before it, by all earlier events; null where that is not known without reading them. */
    public @Nullable CustomerRecord before() {
        return before;
    }

    /** The same for somebody whose customer has not all earlier events. */
    public RecordedEvent apart() {
        RecordedEvent apart =
                new RecordedEvent(position, id, customerId, sequence, type, revision, at, payload, metadata);
        apart.event = event;
        apart.plain = plain;
        return apart;
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

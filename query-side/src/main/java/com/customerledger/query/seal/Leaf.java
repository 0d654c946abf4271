package com.customerledger.query.seal;

import com.customerledger.events.EventCodec;
import com.customerledger.query.tail.RecordedEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * All of an event that the seal covers. Its bytes are described at {@link LeafEncoder}.
 *
 * @param position its place in the store's order
 * @param eventId its own id
 * @param customerId the customer it happened to
 * @param sequence its place among that customer's events, from 0
 * @param type the logical name of its type
 * @param revision the revision that its payload is written in
 * @param atMicros when it happened, in microseconds since 1970
 * @param payload the exact text of its payload
 * @param metadata the exact text of its metadata
 * @param merchantId the merchant, as the payload names it
 * @param number its place among that merchant's events, from 1
 */
public record Leaf(
        long position,
        UUID eventId,
        String customerId,
        long sequence,
        String type,
        int revision,
        long atMicros,
        String payload,
        String metadata,
        String merchantId,
        long number) {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    /** The leaf of an event. */
    public static Leaf of(RecordedEvent event, long number) {
        return of(event, EventCodec.merchantId(event.payload()), number);
    }

    /** The same, of an event whose payload was asked for its merchant already. */
    static Leaf of(RecordedEvent event, String merchantId, long number) {
        return new Leaf(
                event.position(),
                event.id(),
                event.customerId(),
                event.sequence(),
                event.type(),
                event.revision(),
                micros(event.at()),
                event.payload(),
                event.metadata(),
                merchantId,
                number);
    }

    /** The leaf's bytes. */
    public byte[] bytes() {
        return encoded(new LeafEncoder()).bytes();
    }

    /** The leaf's hash, 32 bytes. */
    public byte[] hash() {
        return hash(new LeafEncoder());
    }

    byte[] hash(LeafEncoder encoder) {
        return encoded(encoder).hash();
    }

    private LeafEncoder encoded(LeafEncoder encoder) {
        return encoder.encode(
                position,
                eventId.getMostSignificantBits(),
                eventId.getLeastSignificantBits(),
                utf8(customerId),
                sequence,
                utf8(type),
                revision,
                atMicros,
                utf8(payload),
                utf8(metadata),
                utf8(merchantId),
                number);
    }

    private static long micros(Instant at) {
        // Not by ChronoUnit: it counts in nanoseconds on its way, and a long has those of 292 years only.
        return Math.addExact(
                Math.multiplyExact(at.getEpochSecond(), MICROS_PER_SECOND), at.getNano() / NANOS_PER_MICRO);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Where it stands and what type it has: nothing that is personal. */
    @Override
    public String toString() {
        return type + " at " + position;
    }
}

package com.customerledger.query.seal;

import com.customerledger.query.seal.log.TreeHash;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes the bytes of a leaf, format 1. Integers are big-endian; a text is its length in bytes as 4 bytes, then itself in
 * UTF-8, exactly as the store holds it.
 *
 * <pre>
 *  1 byte    the format, 1
 *  8 bytes   position
 * 16 bytes   event id
 *  text      customer id
 *  8 bytes   sequence, the event's place among its customer's events, from 0
 *  text      type
 *  4 bytes   revision
 *  8 bytes   time, in microseconds since 1970
 *  text      payload
 *  text      metadata
 *  text      merchant id
 *  8 bytes   number, the event's place among its merchant's events, from 1
 * </pre>
 *
 * <p>The leaf's hash is RFC 9162's: SHA-256 over a zero byte and these bytes. For one thread.
 */
final class LeafEncoder {

    static final byte FORMAT = 1;

    private static final int CAPACITY_AT_START = 4_096;

    private ByteBuffer buffer = ByteBuffer.allocate(CAPACITY_AT_START);

    /** Takes another leaf; the buffers keep their places. */
    LeafEncoder encode(
            long position,
            long idHigh,
            long idLow,
            ByteBuffer customerId,
            long sequence,
            ByteBuffer type,
            int revision,
            long atMicros,
            ByteBuffer payload,
            ByteBuffer metadata,
            ByteBuffer merchantId,
            long number) {
        buffer.clear();
        buffer.put(FORMAT).putLong(position).putLong(idHigh).putLong(idLow);
        text(customerId);
        room(Long.BYTES);
        buffer.putLong(sequence);
        text(type);
        room(Integer.BYTES + Long.BYTES);
        buffer.putInt(revision).putLong(atMicros);
        text(payload);
        text(metadata);
        text(merchantId);
        room(Long.BYTES);
        buffer.putLong(number);
        return this;
    }

    /** The bytes of the leaf that was taken last. */
    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Its hash. */
    byte[] hash() {
        return TreeHash.leaf(buffer.array(), 0, buffer.position());
    }

    private void text(ByteBuffer text) {
        int length = text.remaining();
        room(Integer.BYTES + length);
        buffer.putInt(length);
        buffer.put(buffer.position(), text, text.position(), length);
        buffer.position(buffer.position() + length);
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            int wanted = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer = ByteBuffer.allocate(wanted).put(buffer.flip());
        }
    }
}

package com.customerledger.query.seal;

import com.customerledger.events.EventCodec;
import com.customerledger.query.database.BinaryRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An event, or a leaf of the seal, as a binary copy gives it. The texts are views of the bytes received.
 */
final class SealedRow {

    /** Events and leaves, each in order of their positions, merged as they come: neither is sorted. */
    static final String COPY = """
            COPY (SELECT position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata,
                         NULL::bigint AS leaf_index, NULL::bigint AS number, NULL::integer AS merchant, NULL::bytea AS hash
                    FROM ledger.events
                   UNION ALL
                  SELECT position, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, leaf_index, number, merchant, hash
                    FROM seal.leaves
                   ORDER BY position) TO STDOUT (FORMAT binary)
            """;

    /** The events only. */
    static final String COPY_EVENTS = """
            COPY (SELECT position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata
                    FROM ledger.events
                   ORDER BY position) TO STDOUT (FORMAT binary)
            """;

    /** The leaves only. */
    static final String COPY_LEAVES = """
            COPY (SELECT position, leaf_index, number, merchant, hash
                    FROM seal.leaves
                   ORDER BY position) TO STDOUT (FORMAT binary)
            """;

    /** How many columns only events have. */
    private static final int EVENT_COLUMNS = 8;

    /** How many columns only leaves have. */
    private static final int LEAF_COLUMNS = 4;

    private static final byte[] MERCHANT = "{\"merchant_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    final long position;
    final boolean isEvent;
    long idHigh;
    long idLow;
    ByteBuffer customerId = NOTHING;
    int sequence;
    ByteBuffer type = NOTHING;
    int revision;
    long atMicros;
    ByteBuffer payload = NOTHING;
    ByteBuffer metadata = NOTHING;
    long leafIndex;
    long number;
    int merchant;
    byte[] hash = new byte[0];

    private SealedRow(long position, boolean isEvent) {
        this.position = position;
        this.isEvent = isEvent;
    }

    /** Takes a row of {@link #COPY} from its bytes. */
    static SealedRow eventOrLeaf(ByteBuffer row) {
        long position = BinaryRows.bigint(row);
        boolean isEvent = row.getInt(row.position()) >= 0;
        SealedRow taken = new SealedRow(position, isEvent);
        if (isEvent) {
            taken.takeEvent(row);
            skipNulls(row, LEAF_COLUMNS);
        } else {
            skipNulls(row, EVENT_COLUMNS);
            taken.takeLeaf(row);
        }
        return taken;
    }

    /** Takes a row of {@link #COPY_EVENTS} from its bytes. */
    static SealedRow event(ByteBuffer row) {
        SealedRow event = new SealedRow(BinaryRows.bigint(row), true);
        event.takeEvent(row);
        return event;
    }

    /** Takes a row of {@link #COPY_LEAVES} from its bytes. */
    static SealedRow leaf(ByteBuffer row) {
        SealedRow leaf = new SealedRow(BinaryRows.bigint(row), false);
        leaf.takeLeaf(row);
        return leaf;
    }

    private void takeEvent(ByteBuffer row) {
        row.getInt();
        idHigh = row.getLong();
        idLow = row.getLong();
        customerId = text(row);
        sequence = BinaryRows.integer(row);
        type = text(row);
        revision = BinaryRows.smallint(row);
        atMicros = BinaryRows.micros(row);
        payload = text(row);
        metadata = text(row);
    }

    private void takeLeaf(ByteBuffer row) {
        leafIndex = BinaryRows.bigint(row);
        number = BinaryRows.bigint(row);
        merchant = BinaryRows.integer(row);
        hash = new byte[row.getInt()];
        row.get(hash);
    }

    private static void skipNulls(ByteBuffer row, int columns) {
        row.position(row.position() + columns * Integer.BYTES);
    }

    private static ByteBuffer text(ByteBuffer row) {
        int length = row.getInt();
        ByteBuffer text = row.slice(row.position(), length);
        row.position(row.position() + length);
        return text;
    }

    /** The merchant that the payload names; null when it names none, as no payload of ours. */
    @Nullable ByteBuffer merchantId() {
        // What every payload begins with, so that hardly any is read as JSON.
        if (payload.remaining() > MERCHANT.length
                && payload.slice(0, MERCHANT.length).equals(ByteBuffer.wrap(MERCHANT))) {
            for (int i = MERCHANT.length; i < payload.limit() && payload.get(i) != '\\'; i++) {
                if (payload.get(i) == '"') {
                    return payload.slice(MERCHANT.length, i - MERCHANT.length);
                }
            }
        }
        try {
            return ByteBuffer.wrap(EventCodec.merchantId(string(payload)).getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException notEvenAnEvent) {
            return null;
        }
    }

    /** The hash that the event has with that place, merchant and number. */
    byte[] hash(LeafEncoder encoder, long at, ByteBuffer merchantId, long numbered) {
        return encoder.encode(
                        at,
                        idHigh,
                        idLow,
                        customerId,
                        sequence,
                        type,
                        revision,
                        atMicros,
                        payload,
                        metadata,
                        merchantId,
                        numbered)
                .hash();
    }

    String customer() {
        return string(customerId);
    }

    /** Which event it is, without anything personal. */
    String named() {
        return "event " + sequence + " of " + customer() + " (" + string(type) + ", position " + position + ")";
    }

    private static String string(ByteBuffer utf8) {
        return StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
    }
}

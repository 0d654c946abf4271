package com.customerledger.query.tail;

import com.customerledger.benchmarks.Samples;
import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import java.util.UUID;

/** An event as the tail hands it on, without a store to read it from. */
public final class RecordedSample {

    private static final EventMetadata CAUSE =
            new EventMetadata("key_V1StGXR8_Z5jdHi6B-myT", "req_V1StGXR8_Z5jdHi6B-myT", null);

    private RecordedSample() {}

    /** The first event of a customer. */
    public static RecordedEvent created() {
        return recorded(Samples.created(), 0);
    }

    /** The event after that, which changes two fields. */
    public static RecordedEvent updated() {
        return recorded(Samples.updated(), 1);
    }

    private static RecordedEvent recorded(LedgerEvent event, int sequence) {
        return new RecordedEvent(
                1L << 14,
                UUID.randomUUID(),
                event.customerId(),
                sequence,
                EventCodec.type(event),
                EventCodec.revision(event),
                event.at(),
                EventCodec.payload(event),
                EventCodec.metadata(CAUSE));
    }
}

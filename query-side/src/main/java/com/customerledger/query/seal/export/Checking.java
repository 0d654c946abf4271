package com.customerledger.query.seal.export;

import com.customerledger.query.seal.log.Checkpoint;
import org.jspecify.annotations.Nullable;

/** Looks at an export's events one behind the other. For one thread. */
final class Checking {

    private final Header header;
    private final Checkpoint head;
    private long next;
    private long events;

    Checking(Header header, Checkpoint head) {
        this.header = header;
        this.head = head;
        this.next = header.first();
    }

    /** What is wrong with the next event, or null. Whatever it is, the one behind it is expected to follow it. */
    @Nullable String fault(ExportedEvent event) {
        long expected = next;
        long number = event.leaf().number();
        next = number + 1;
        events++;
        if (number != expected) {
            return "it has the number " + number + ", and " + expected + " is due";
        }
        if (!event.leaf().merchantId().equals(header.merchantId())) {
            return "its event is of another merchant";
        }
        if (!event.isUnder(head)) {
            return "its event, number " + number + ", is not the one that was sealed";
        }
        return null;
    }

    /** The number that is due. */
    long next() {
        return next;
    }

    /** How many events there were. */
    long events() {
        return events;
    }
}

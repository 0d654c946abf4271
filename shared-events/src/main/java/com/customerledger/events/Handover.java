package com.customerledger.events;

import com.customerledger.events.customer.CustomerRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes over what this process has decided, so that those who follow the stored events in it need not make out again what
 * was known when they were written. It can do without any of it. Thread-safe.
 */
@FunctionalInterface
public interface Handover {

    /** These events are about to be stored, or to be refused by the store. Returns at once. */
    void take(List<Decided> events);

    /**
     * An event that was decided.
     *
     * @param id its own id
     * @param payload the text that is to be stored as its payload
     * @param event what that text says
     * @param before what its customer is when it happens; null where the event creates it, or where that is not known
     */
    record Decided(
            UUID id,
            String payload,
            LedgerEvent event,
            @Nullable CustomerRecord before) {}
}

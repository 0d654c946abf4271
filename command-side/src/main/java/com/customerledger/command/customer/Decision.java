package com.customerledger.command.customer;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.refusal.Fault;
import java.util.List;

/**
 * What is decided about one record: the events to happen, or why none may.
 *
 * @param events in order; none when nothing changes, or when there are faults
 * @param faults all that is wrong
 */
record Decision(List<LedgerEvent> events, List<Fault> faults) {

    static Decision of(List<LedgerEvent> events) {
        return new Decision(List.copyOf(events), List.of());
    }

    static Decision refused(List<Fault> faults) {
        return new Decision(List.of(), List.copyOf(faults));
    }

    static Decision refused(Fault fault) {
        return new Decision(List.of(), List.of(fault));
    }
}

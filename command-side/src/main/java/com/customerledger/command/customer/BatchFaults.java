package com.customerledger.command.customer;

import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import com.customerledger.events.refusal.RecordFault;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import java.util.ArrayList;
import java.util.List;

/** Gathers every fault of every record of a batch. */
final class BatchFaults {

    private final List<RecordFault> faults = new ArrayList<>();

    void add(int index, List<Fault> those) {
        those.forEach(each -> faults.add(new RecordFault(index, each)));
    }

    void add(int index, ErrorCode code, String field, String rule, String message) {
        faults.add(new RecordFault(index, new Fault(code, field, rule, message)));
    }

    boolean any() {
        return !faults.isEmpty();
    }

    /** Refuses the batch when any record of it has a fault, which rolls back whatever was done for it. */
    void refuseIfAny() {
        if (any()) {
            throw new RefusedException(Refusal.of(faults));
        }
    }
}

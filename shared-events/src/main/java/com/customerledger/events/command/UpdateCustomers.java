package com.customerledger.events.command;

import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.refusal.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Change these customers; a change of status archives, restores, disables and enables.
 *
 * @param records in the order of the request
 * @param withVersions whether the answer's records have their version
 */
public record UpdateCustomers(
        Caller caller, @Nullable Idempotency idempotency, List<CustomerUpdate> records, boolean withVersions)
        implements Command {

    /**
     * What is to become of one customer.
     *
     * @param id the customer's id, or null where the record has none that can be read: then it has a fault
     * @param fields checked values, null for a field to be cleared; a field with a fault is not among them
     * @param ifVersion the version that the customer must have, or null for any
     * @param faults what is already known to be wrong with the record; with any, nothing of the batch is stored
     */
    public record CustomerUpdate(
            @Nullable String id,
            FieldChanges fields,
            @Nullable Integer ifVersion,
            List<Fault> faults) {}

    @Override
    public int size() {
        return records.size();
    }
}

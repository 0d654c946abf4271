package com.customerledger.events.command;

import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.refusal.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Create these customers.
 *
 * @param records in the order of the request
 * @param withVersions whether the answer's records have their version
 */
public record CreateCustomers(
        Caller caller, @Nullable Idempotency idempotency, List<NewCustomer> records, boolean withVersions)
        implements Command {

    /**
     * One customer to create.
     *
     * @param id its id, made for it
     * @param fields checked values; a field with a fault is not among them
     * @param faults what is already known to be wrong with the record; with any, nothing of the batch is stored
     */
    public record NewCustomer(String id, FieldChanges fields, List<Fault> faults) {}

    @Override
    public int size() {
        return records.size();
    }
}

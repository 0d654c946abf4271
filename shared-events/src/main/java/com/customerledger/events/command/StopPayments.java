package com.customerledger.events.command;

import com.customerledger.events.refusal.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * These payments run no more.
 *
 * @param records in the order of the request
 */
public record StopPayments(Caller caller, @Nullable Idempotency idempotency, List<PaymentStop> records)
        implements Command {

    /**
     * One payment that stops. A component is null only where the record has a fault about it.
     *
     * @param paymentId the platform's id, at most 64 characters
     * @param customerId the customer it collects from
     * @param faults what is already known to be wrong with the record; with any, nothing of the batch is stored
     */
    public record PaymentStop(
            @Nullable String paymentId, @Nullable String customerId, List<Fault> faults) {}

    @Override
    public int size() {
        return records.size();
    }
}

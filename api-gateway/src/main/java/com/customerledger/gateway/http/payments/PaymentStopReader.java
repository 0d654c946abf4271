package com.customerledger.gateway.http.payments;

import com.customerledger.events.command.StopPayments.PaymentStop;
import com.customerledger.events.refusal.Fault;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.RecordReader;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a payment that stops. Thread-safe. */
final class PaymentStopReader implements RecordReader<PaymentStop> {

    @Override
    public PaymentStop read(JsonParser object, String text) {
        Members members = new Members();
        PaymentMembers payment = new PaymentMembers(members);
        while (object.nextToken() != JsonToken.END_OBJECT) {
            String name = object.currentName();
            object.nextToken();
            if (!payment.take(name, object)) {
                members.unknown(name, object);
            }
        }
        payment.end();
        return new PaymentStop(payment.paymentId(), payment.customerId(), members.faults());
    }

    @Override
    public PaymentStop faulty(List<Fault> faults) {
        return new PaymentStop(null, null, faults);
    }
}

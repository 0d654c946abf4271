package com.customerledger.gateway.http.payments;

import com.customerledger.events.PaymentMethod;
import com.customerledger.events.command.StartPayments.PaymentStart;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.RecordReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a payment that starts. Thread-safe. */
final class PaymentStartReader implements RecordReader<PaymentStart> {

    private static final String METHOD = "method";
    private static final String METHODS =
            Arrays.stream(PaymentMethod.values()).map(Enum::name).collect(Collectors.joining(" or "));

    @Override
    public PaymentStart read(JsonParser object, String text) {
        Members members = new Members();
        PaymentMembers payment = new PaymentMembers(members);
        PaymentMethod method = null;
        boolean hasMethod = false;
        while (object.nextToken() != JsonToken.END_OBJECT) {
            String name = object.currentName();
            object.nextToken();
            if (name.equals(METHOD)) {
                hasMethod = true;
                method = method(members, object);
            } else if (!payment.take(name, object)) {
                members.unknown(name, object);
            }
        }
        payment.end();
        if (!hasMethod) {
            members.required(METHOD);
        }
        return new PaymentStart(payment.paymentId(), payment.customerId(), method, members.faults());
    }

    private static @Nullable PaymentMethod method(Members members, JsonParser object) {
        String sent = members.string(METHOD, object);
        if (sent == null) {
            return null;
        }
        for (PaymentMethod method : PaymentMethod.values()) {
            if (method.name().equals(sent)) {
                return method;
            }
        }
        members.add(ErrorCode.VALUE, METHOD, "method", "must be " + METHODS);
        return null;
    }

    @Override
    public PaymentStart faulty(List<Fault> faults) {
        return new PaymentStart(null, null, null, faults);
    }
}

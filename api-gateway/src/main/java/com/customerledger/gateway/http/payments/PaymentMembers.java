package com.customerledger.gateway.http.payments;

import com.customerledger.gateway.http.request.Members;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** The members that a start and a stop have in common. */
final class PaymentMembers {

    /** The longest {@code payment_id}, in Unicode code points. */
    static final int PAYMENT_ID_LENGTH_MAX = 64;

    private static final String PAYMENT_ID = "payment_id";
    private static final String CUSTOMER_ID = "customer_id";

    private final Members members;
    private boolean hasPaymentId;
    private boolean hasCustomerId;
    private @Nullable String paymentId;
    private @Nullable String customerId;

    PaymentMembers(Members members) {
        this.members = members;
    }

    /** Reads the member at the parser, where it is one of these. */
    boolean take(String name, JsonParser parser) {
        switch (name) {
            case PAYMENT_ID -> {
                hasPaymentId = true;
                paymentId = members.text(name, PAYMENT_ID_LENGTH_MAX, parser);
            }
            case CUSTOMER_ID -> {
                hasCustomerId = true;
                customerId = members.customerId(name, parser);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Tells which of them are missing. */
    void end() {
        if (!hasPaymentId) {
            members.required(PAYMENT_ID);
        }
        if (!hasCustomerId) {
            members.required(CUSTOMER_ID);
        }
    }

    @Nullable String paymentId() {
        return paymentId;
    }

    @Nullable String customerId() {
        return customerId;
    }
}

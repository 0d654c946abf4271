package com.customerledger.command.customer;

import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Writes the answers of batches: the envelope and the results in the order of the request, JSON in UTF-8. */
final class Answers {

    private Answers() {}

    /** A payment as a batch of payments is answered. */
    record Payment(String paymentId, String customerId, String method, boolean running) {

        static Payment of(CustomerState customer, String paymentId) {
            CustomerState.Payment payment =
                    Objects.requireNonNull(customer.payments().get(paymentId));
            return new Payment(
                    paymentId, customer.existing().id(), payment.method().name(), payment.running());
        }
    }

    static byte[] customers(CustomerJson json, List<CustomerRecord> customers, boolean withVersions) {
        return envelope(customers.size(), out -> {
            for (CustomerRecord customer : customers) {
                json.write(out, customer, withVersions);
            }
        });
    }

    static byte[] payments(List<Payment> payments) {
        return envelope(payments.size(), out -> {
            for (Payment payment : payments) {
                out.writeStartObject();
                out.writeStringProperty("payment_id", payment.paymentId());
                out.writeStringProperty("customer_id", payment.customerId());
                out.writeStringProperty("method", payment.method());
                out.writeStringProperty("state", payment.running() ? "running" : "stopped");
                out.writeEndObject();
            }
        });
    }

    private static byte[] envelope(int records, Consumer<JsonGenerator> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + records * 640);
        try (JsonGenerator out = Json.generator(bytes)) {
            out.writeStartObject();
            out.writeBooleanProperty("status", true);
            out.writeArrayPropertyStart("results");
            results.accept(out);
            out.writeEndArray();
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }
}

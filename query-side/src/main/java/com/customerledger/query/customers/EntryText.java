package com.customerledger.query.customers;

import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldValues;
import com.customerledger.events.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What merchants are told of an event, in the format 1 that the API's description documents: version, type, at, actor,
 * reason, request_id and changes. The text is a JSON object without its opening brace, so that whoever tells it can put
 * members of its own before these.
 */
public final class EntryText {

    private static final String STARTED = "running";
    private static final String STOPPED = "stopped";

    private EntryText() {}

    /**
     * What is told of an event.
     *
     * @param before the customer's fields before it
     * @param customer the customer after it
     */
    static String of(
            FieldValues before, CustomerRecord customer, LedgerEvent event, EventMetadata cause, CustomerJson json) {
        return of(customer.version(), EventCodec.type(event), told(before, customer, event, cause, json));
    }

    /**
     * What is told of an event.
     *
     * @param told what {@link #told} gave
     */
    public static String of(int version, String type, String told) {
        return "\"version\":" + version + ",\"type\":\"" + type + "\"," + told;
    }

    /** The same without what comes first, the version and the type. */
    static String told(
            FieldValues before, CustomerRecord customer, LedgerEvent event, EventMetadata cause, CustomerJson json) {
        return Json.text(out -> {
                    out.writeStartObject();
                    out.writeStringProperty("at", json.timestamp(event.at()));
                    text(out, "actor", event.personal().actor());
                    text(out, "reason", event.personal().reason());
                    text(out, "request_id", cause.requestId());
                    out.writeArrayPropertyStart("changes");
                    if (event instanceof PaymentStarted started) {
                        payment(out, started);
                    } else if (event instanceof PaymentStopped stopped) {
                        payment(out, stopped);
                    } else {
                        fields(out, before, customer.values());
                    }
                    out.writeEndArray();
                    out.writeEndObject();
                })
                .substring(1);
    }

    private static void fields(JsonGenerator out, FieldValues before, FieldValues after) {
        for (CustomerField field : after.differences(before)) {
            out.writeStartObject();
            out.writeStringProperty("field", field.json());
            out.writeName("from");
            before.write(out, field);
            out.writeName("to");
            after.write(out, field);
            out.writeEndObject();
        }
    }

    private static void payment(JsonGenerator out, PaymentStarted started) {
        out.writeStartObject();
        out.writeStringProperty("field", "payment");
        out.writeNullProperty("from");
        out.writeObjectPropertyStart("to");
        out.writeStringProperty("payment_id", started.paymentId());
        out.writeStringProperty("method", started.method().name());
        out.writeStringProperty("state", STARTED);
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void payment(JsonGenerator out, PaymentStopped stopped) {
        out.writeStartObject();
        out.writeStringProperty("field", "payment");
        for (String end : new String[] {"from", "to"}) {
            out.writeObjectPropertyStart(end);
            out.writeStringProperty("payment_id", stopped.paymentId());
            out.writeStringProperty("state", end.equals("from") ? STARTED : STOPPED);
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, value);
        }
    }
}

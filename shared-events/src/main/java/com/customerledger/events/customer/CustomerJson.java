package com.customerledger.events.customer;

import com.customerledger.events.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The one shape of a customer in every answer: each field, null where there is no value, and the times in the API's
 * zone. Thread-safe.
 */
public final class CustomerJson {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final DateTimeFormatter timestamp;

    /**
     * @param zone the zone of all timestamps in answers
     */
    public CustomerJson(ZoneId zone) {
        this.timestamp = TIMESTAMP.withZone(zone);
    }

    /** The customer as one JSON object. */
    public String text(CustomerRecord customer) {
        return Json.text(out -> write(out, customer, false));
    }

    /**
     * Writes the customer as one JSON object.
     *
     * @param withVersion whether the object has the member {@code version}, as its first
     */
    public void write(JsonGenerator out, CustomerRecord customer, boolean withVersion) {
        out.writeStartObject();
        if (withVersion) {
            out.writeNumberProperty("version", customer.version());
        }
        out.writeStringProperty("id", customer.id());
        customer.values().write(out);
        time(out, "deleted_at", customer.deletedAt());
        time(out, "updated_at", customer.updatedAt());
        time(out, "created_at", customer.createdAt());
        out.writeEndObject();
    }

    /** The moment in the API's format and zone, its fraction of a second cut off. */
    public String timestamp(Instant at) {
        return timestamp.format(at);
    }

    private void time(JsonGenerator out, String name, @Nullable Instant at) {
        if (at == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, timestamp(at));
        }
    }
}

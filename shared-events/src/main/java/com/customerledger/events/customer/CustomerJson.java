package com.customerledger.events.customer;

import com.customerledger.events.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The one shape of a customer in every answer: each field, null where there is no value, and the times in the API's
 * zone. Thread-safe.
 */
public final class CustomerJson {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    /** How many seconds are remembered as they are written: a power of two. */
    private static final int SECONDS_REMEMBERED = 64;

    private final DateTimeFormatter timestamp;
    // A batch has one time, and the customers that it changes were created in batches too: few seconds come again and
    // again. Whichever thread's is kept in a second's place, it is right.
    private final @Nullable Written[] remembered = new Written[SECONDS_REMEMBERED];

    /** A second and how it is written. */
    private record Written(long second, String text) {}

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

    /** The same in UTF-8. */
    public byte[] bytes(CustomerRecord customer) {
        return Json.bytes(out -> write(out, customer, false));
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

    /**
     * Reads back what {@link #text} wrote. {@code updated_at} and {@code deleted_at} come without their fraction of a
     * second, which answers do not show: written again, the record has the same text.
     *
     * @param merchantId not in the text, like the other parameters
     * @throws IllegalStateException for a member that this version of the program does not know
     */
    public CustomerRecord read(String text, String merchantId, int version, Instant createdAt) {
        EnumMap<CustomerField, Object> values = new EnumMap<>(CustomerField.class);
        String id = null;
        Instant updatedAt = null;
        Instant deletedAt = null;
        try (JsonParser parser = Json.stored(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                boolean present = parser.nextToken() != JsonToken.VALUE_NULL;
                CustomerField field = CustomerField.named(name);
                if (field != null) {
                    if (present) {
                        values.put(field, FieldType.read(parser, text));
                    }
                } else {
                    switch (name) {
                        case "id" -> id = parser.getString();
                        case "deleted_at" -> deletedAt = present ? instant(parser.getString()) : null;
                        case "updated_at" -> updatedAt = present ? instant(parser.getString()) : null;
                        case "created_at" -> {}
                        default -> throw new IllegalStateException("no member of a customer is called " + name);
                    }
                }
            }
        }
        if (id == null) {
            throw new IllegalStateException("a customer without an id");
        }
        FieldValues fields = FieldValues.none().with(FieldChanges.of(values));
        return new CustomerRecord(id, merchantId, version, createdAt, updatedAt, deletedAt, fields);
    }

    private Instant instant(String text) {
        return timestamp.parse(text, Instant::from);
    }

    /** The moment in the API's format and zone, its fraction of a second cut off. */
    public String timestamp(Instant at) {
        long second = at.getEpochSecond();
        int place = (int) second & SECONDS_REMEMBERED - 1;
        Written known = remembered[place];
        if (known == null || known.second() != second) {
            known = new Written(second, timestamp.format(at));
            remembered[place] = known;
        }
        return known.text();
    }

    private void time(JsonGenerator out, String name, @Nullable Instant at) {
        if (at == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, timestamp(at));
        }
    }
}

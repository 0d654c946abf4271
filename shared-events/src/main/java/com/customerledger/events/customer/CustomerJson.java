package com.customerledger.events.customer;

import com.customerledger.events.PlainCreation;
import com.customerledger.events.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    private static final String ID = "id";
    private static final String DELETED_AT = "deleted_at";
    private static final String UPDATED_AT = "updated_at";
    private static final String CREATED_AT = "created_at";

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

    /** The same of a customer who was created plainly, and is as created. */
    public byte[] bytes(String customerId, Instant createdAt, PlainCreation creation) {
        return ("{\"" + ID + "\":\"" + customerId + "\"," + creation.fields() + ",\"" + DELETED_AT + "\":null,\""
                        + UPDATED_AT + "\":null,\"" + CREATED_AT + "\":\"" + timestamp(createdAt) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
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
        out.writeStringProperty(ID, customer.id());
        customer.values().write(out);
        time(out, DELETED_AT, customer.deletedAt());
        time(out, UPDATED_AT, customer.updatedAt());
        time(out, CREATED_AT, customer.createdAt());
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
        Members members = Members.read(text);
        String id = members.take(ID);
        Instant deletedAt = instant(members.take(DELETED_AT));
        Instant updatedAt = instant(members.take(UPDATED_AT));
        members.take(CREATED_AT);
        members.end();
        if (id == null) {
            throw new IllegalStateException("a customer without an id");
        }
        FieldValues fields = FieldValues.none().with(members.fields());
        return new CustomerRecord(id, merchantId, version, createdAt, updatedAt, deletedAt, fields);
    }

    /**
     * What a version of a customer has that its creation does not tell: the fields that were changed since, as they are in
     * this version, {@code deleted_at} where it is archived, and {@code updated_at} as null where the version is no update.
     * It is one JSON object.
     */
    public String laterText(CustomerRecord customer) {
        return Json.text(out -> writeLater(out, customer));
    }

    /** The same in UTF-8. */
    public byte[] laterBytes(CustomerRecord customer) {
        return Json.bytes(out -> writeLater(out, customer));
    }

    private void writeLater(JsonGenerator out, CustomerRecord customer) {
        out.writeStartObject();
        for (CustomerField field : customer.values().changed()) {
            out.writeName(field.written());
            customer.values().write(out, field);
        }
        if (customer.deletedAt() != null) {
            time(out, DELETED_AT, customer.deletedAt());
        }
        if (customer.updatedAt() == null) {
            out.writeNullProperty(UPDATED_AT);
        }
        out.writeEndObject();
    }

    /**
     * The version of a customer that {@link #laterText} wrote. {@code deleted_at} comes without its fraction of a second.
     *
     * @param created the customer that was created
     * @param at when the version began
     * @throws IllegalStateException for a member that this version of the program does not know
     */
    public CustomerRecord later(CustomerRecord created, int version, Instant at, String text) {
        Members members = Members.read(text);
        Instant updatedAt = members.has(UPDATED_AT) ? instant(members.take(UPDATED_AT)) : at;
        Instant deletedAt = instant(members.take(DELETED_AT));
        members.end();
        FieldValues values = created.values().with(members.fields());
        return new CustomerRecord(
                created.id(), created.merchantId(), version, created.createdAt(), updatedAt, deletedAt, values);
    }

    /**
     * The members of a stored object: those that are fields, cleared ones as null, and the others as texts or null, which
     * are taken one by one.
     */
    private record Members(FieldChanges fields, Map<String, @Nullable String> others) {

        static Members read(String text) {
            EnumMap<CustomerField, @Nullable Object> fields = new EnumMap<>(CustomerField.class);
            Map<String, @Nullable String> others = new HashMap<>();
            try (JsonParser parser = Json.stored(text)) {
                parser.nextToken();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    boolean present = parser.nextToken() != JsonToken.VALUE_NULL;
                    CustomerField field = CustomerField.named(name);
                    if (field != null) {
                        fields.put(field, present ? FieldType.read(parser, text) : null);
                    } else {
                        others.put(name, present ? parser.getString() : null);
                    }
                }
            }
            return new Members(FieldChanges.of(fields), others);
        }

        boolean has(String other) {
            return others.containsKey(other);
        }

        @Nullable String take(String other) {
            return others.remove(other);
        }

        /** Nothing that is not known is read over. */
        void end() {
            if (!others.isEmpty()) {
                throw new IllegalStateException(
                        "no member of a customer is called " + String.join(", ", others.keySet()));
            }
        }
    }

    private @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : timestamp.parse(text, Instant::from);
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

package com.customerledger.query.seal.export;

import com.customerledger.events.json.Json;
import com.customerledger.query.seal.Leaf;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * An event's columns as texts. Each value has one spelling; readers compare what they read with how it would be written,
 * so what is read here need not be checked for its spelling.
 */
final class Texts {

    /** The columns of an event's line but the proof, which is the last one. */
    static final List<String> COLUMNS = List.of(
            "number",
            "leaf_index",
            "position",
            "event_id",
            "customer_id",
            "sequence",
            "type",
            "revision",
            "at",
            "payload",
            "metadata",
            "merchant");

    static final String PROOF = "proof";

    private static final Set<String> NUMBERS = Set.of("number", "leaf_index", "position", "sequence", "revision");

    private static final DateTimeFormatter MICROSECONDS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private Texts() {}

    /** The values of the columns, in their order. */
    static List<String> of(ExportedEvent event) {
        Leaf leaf = event.leaf();
        return List.of(
                Long.toString(leaf.number()),
                Long.toString(event.leafIndex()),
                Long.toString(leaf.position()),
                leaf.eventId().toString(),
                leaf.customerId(),
                Long.toString(leaf.sequence()),
                leaf.type(),
                Integer.toString(leaf.revision()),
                MICROSECONDS.format(Instant.EPOCH.plus(leaf.atMicros(), ChronoUnit.MICROS)),
                leaf.payload(),
                leaf.metadata(),
                leaf.merchantId());
    }

    /** Writes the columns and the proof as members of an object. */
    static void write(JsonGenerator out, ExportedEvent event) {
        List<String> values = of(event);
        for (int i = 0; i < values.size(); i++) {
            String name = COLUMNS.get(i);
            out.writeName(name);
            if (NUMBERS.contains(name)) {
                out.writeNumber(Long.parseLong(values.get(i)));
            } else {
                out.writeString(values.get(i));
            }
        }
        out.writeName(PROOF);
        out.writeStartArray();
        event.proof().forEach(hash -> out.writeString(hash(hash)));
        out.writeEndArray();
    }

    /** The event that has these values. */
    static ExportedEvent event(Map<String, String> values, List<String> proof) throws BrokenException {
        return new ExportedEvent(
                new Leaf(
                        number(values, "position"),
                        id(values),
                        text(values, "customer_id"),
                        number(values, "sequence"),
                        text(values, "type"),
                        (int) number(values, "revision"),
                        micros(text(values, "at")),
                        text(values, "payload"),
                        text(values, "metadata"),
                        text(values, "merchant"),
                        number(values, "number")),
                number(values, "leaf_index"),
                hashes(proof));
    }

    static String text(Map<String, String> values, String name) throws BrokenException {
        String value = values.get(name);
        if (value == null) {
            throw new BrokenException("it has no " + name);
        }
        return value;
    }

    static long number(Map<String, String> values, String name) throws BrokenException {
        String value = text(values, name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new BrokenException("its " + name + " is not a number", e);
        }
    }

    private static UUID id(Map<String, String> values) throws BrokenException {
        try {
            return UUID.fromString(text(values, "event_id"));
        } catch (IllegalArgumentException e) {
            throw new BrokenException("its event_id is not an id", e);
        }
    }

    private static long micros(String text) throws BrokenException {
        try {
            Instant at = Instant.parse(text);
            return Math.addExact(
                    Math.multiplyExact(at.getEpochSecond(), MICROS_PER_SECOND), at.getNano() / NANOS_PER_MICRO);
        } catch (DateTimeException | ArithmeticException e) {
            throw new BrokenException("its at is not a time", e);
        }
    }

    static String hash(byte[] hash) {
        return Base64.getEncoder().encodeToString(hash);
    }

    private static List<byte[]> hashes(List<String> proof) throws BrokenException {
        List<byte[]> hashes = new ArrayList<>(proof.size());
        try {
            for (String hash : proof) {
                hashes.add(Base64.getDecoder().decode(hash));
            }
        } catch (IllegalArgumentException e) {
            throw new BrokenException("its proof is not base 64", e);
        }
        return hashes;
    }

    /** The members of a JSON object of scalars, null ones left out, but for the one that is an array of them. */
    static Map<String, String> members(String json, List<String> array) throws BrokenException {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser parser = Json.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BrokenException("it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        array.add(String.valueOf(parser.getString()));
                    }
                } else if (value != JsonToken.VALUE_NULL) {
                    values.put(name, String.valueOf(parser.getString()));
                }
            }
            if (parser.nextToken() != null) {
                throw new BrokenException("it goes on behind the object");
            }
        } catch (JacksonException e) {
            throw new BrokenException("it is not JSON", e);
        }
        return values;
    }
}

package com.customerledger.events;

import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Lifts the payloads of old revisions to today's, before they are decoded, so that the decoder knows one revision of each
 * type only. What is stored is never touched: readers lift what they read.
 */
final class Upcasters {

    /** Lifts a payload by one revision. Of a payload that it was not written for it may make anything. */
    @FunctionalInterface
    private interface Upcaster {

        void lift(Map<String, JsonValue> members);
    }

    /** By the type, what lifts its revision 1 to 2, its revision 2 to 3 and so on; nothing for a type of one revision. */
    private static final Map<String, List<Upcaster>> CHAINS =
            Map.of("CustomerArchived", List.of(Upcasters::sayWhetherAtCreation));

    private Upcasters() {}

    /** Revision 1 had the member only where it was true, so that one that was forgotten read as false. */
    private static void sayWhetherAtCreation(Map<String, JsonValue> members) {
        members.putIfAbsent("at_creation", new JsonValue.Bool(false));
    }

    /** The revision in which events of the type are written today. */
    static int newest(String type) {
        return 1 + CHAINS.getOrDefault(type, List.of()).size();
    }

    /**
     * The payload in the newest revision.
     *
     * @throws UnknownEventException when its revision is newer than that, or none
     */
    static String lift(String type, int revision, String payload) {
        int newest = newest(type);
        if (revision == newest) {
            return payload;
        }
        if (revision < 1 || revision > newest) {
            throw new UnknownEventException(type, revision);
        }
        Map<String, JsonValue> members = members(payload);
        for (Upcaster upcaster : CHAINS.getOrDefault(type, List.of()).subList(revision - 1, newest - 1)) {
            upcaster.lift(members);
        }
        return Json.text(out -> {
            out.writeStartObject();
            members.forEach((name, value) -> {
                out.writeName(name);
                write(out, value);
            });
            out.writeEndObject();
        });
    }

    private static Map<String, JsonValue> members(String payload) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        try (JsonParser parser = Json.parser(payload)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, JsonValue.read(parser));
            }
        }
        return members;
    }

    private static void write(JsonGenerator out, JsonValue value) {
        if (value instanceof JsonValue.Text text) {
            out.writeString(text.value());
        } else if (value instanceof JsonValue.Numeric number) {
            out.writeNumber(number.literal());
        } else if (value instanceof JsonValue.Bool bool) {
            out.writeBoolean(bool.value());
        } else if (value instanceof JsonValue.Container container) {
            out.writeRawValue(container.compact());
        } else {
            out.writeNull();
        }
    }
}

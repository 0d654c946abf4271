package com.customerledger.query.history;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import com.customerledger.events.query.HistoryQueries.Setting;
import com.customerledger.events.query.ToldEvent;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Finds the event that set each field, from a customer's events, the newest first. Not thread-safe. */
final class Blame {

    private static final String NONE = "null";

    private final Map<CustomerField, Setting> settings = new EnumMap<>(CustomerField.class);

    /** Takes the next older event; the customer's first one, its creation, is told of every field that is left. */
    void add(ToldEvent event) {
        Entry entry = Entry.read(event.entry());
        entry.values.forEach((field, value) -> settings.putIfAbsent(field, entry.setting(event, value)));
        if (event.sequence() == 0) {
            for (CustomerField field : CustomerField.all()) {
                settings.putIfAbsent(field, entry.setting(event, NONE));
            }
        }
    }

    /** Whether every field's event is found. */
    boolean isDone() {
        return settings.size() == CustomerField.all().size();
    }

    /** What is found. */
    Map<CustomerField, Setting> settings() {
        return settings;
    }

    /** What a told entry says. */
    private static final class Entry {

        private final Map<CustomerField, String> values = new EnumMap<>(CustomerField.class);
        private int version;
        private String type = "";
        private String at = "";
        private @Nullable String actor;
        private @Nullable String reason;
        private @Nullable String requestId;

        static Entry read(String text) {
            Entry entry = new Entry();
            try (JsonParser parser = Json.parser("{" + text)) {
                parser.nextToken();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    switch (name) {
                        case "version" -> entry.version = parser.getIntValue();
                        case "type" -> entry.type = parser.getString();
                        case "at" -> entry.at = parser.getString();
                        case "actor" -> entry.actor = string(parser);
                        case "reason" -> entry.reason = string(parser);
                        case "request_id" -> entry.requestId = string(parser);
                        case "changes" -> entry.readChanges(parser);
                        default -> throw new IllegalStateException("no member of an entry is called " + name);
                    }
                }
            }
            return entry;
        }

        private static @Nullable String string(JsonParser parser) {
            return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getString();
        }

        private void readChanges(JsonParser parser) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                CustomerField field = null;
                String to = NONE;
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    switch (name) {
                        case "field" -> field = CustomerField.named(parser.getString());
                        case "to" -> to = json(JsonValue.read(parser));
                        default -> parser.skipChildren();
                    }
                }
                // A payment is no field of the record.
                if (field != null) {
                    values.put(field, to);
                }
            }
        }

        private static String json(JsonValue value) {
            return Json.text(out -> write(out, value));
        }

        private static void write(JsonGenerator out, JsonValue value) {
            if (value instanceof JsonValue.Text text) {
                out.writeString(text.value());
            } else if (value instanceof JsonValue.Numeric number) {
                out.writeNumber(number.literal());
            } else if (value instanceof JsonValue.Container container) {
                out.writeRawValue(container.compact());
            } else if (value instanceof JsonValue.Bool bool) {
                out.writeBoolean(bool.value());
            } else {
                out.writeNull();
            }
        }

        Setting setting(ToldEvent event, String value) {
            return new Setting(value, event.number(), event.keyId(), version, type, at, actor, reason, requestId);
        }
    }
}

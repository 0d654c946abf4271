package com.customerledger.gateway.stage;

import com.customerledger.events.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Takes an answer apart without changing a character of its records. */
public final class Records {

    private Records() {}

    /**
     * One record of an answer.
     *
     * @param text as it came
     * @param members its members by name: a text's characters, any other value as it came
     */
    public record Sent(String text, Map<String, String> members) {

        public String id() {
            return member("id");
        }

        public int version() {
            return Integer.parseInt(member("version"));
        }

        public String member(String name) {
            String value = members.get(name);
            if (value == null) {
                throw new PlayFailure("a record of an answer has no member " + name);
            }
            return value;
        }

        public @Nullable String find(String name) {
            return members.get(name);
        }

        /** The text without the version, which records have only when asked. */
        public String textWithoutVersion() {
            return text.replaceFirst("^\\{\"version\":[0-9]+,", "{");
        }
    }

    /** The records of an answer's member {@code results}. */
    public static List<Sent> of(byte[] body) {
        // Every character one column: what is not ASCII stays together as long as it is turned back the same way.
        String text = new String(body, StandardCharsets.UTF_8);
        List<Sent> records = new ArrayList<>();
        try (JsonParser parser = Json.parser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean results = parser.currentName().equals("results");
                parser.nextToken();
                if (results) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        records.add(record(parser, text));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
        return records;
    }

    private static Sent record(JsonParser parser, String text) {
        int start = Json.offset(parser);
        Map<String, String> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token.isStructStart()) {
                members.put(name, Json.asWritten(parser, text));
            } else {
                members.put(name, parser.getString());
            }
        }
        return new Sent(text.substring(start, Json.offset(parser) + 1), members);
    }
}

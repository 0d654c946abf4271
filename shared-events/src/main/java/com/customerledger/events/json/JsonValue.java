package com.customerledger.events.json;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One JSON value as it was sent. Numbers keep their text, so that 1.10 stays 1.10. Immutable. */
public sealed interface JsonValue {

    /** A string, decoded. */
    record Text(String value) implements JsonValue {}

    /** A number, as it was written. */
    record Numeric(String literal) implements JsonValue {

        /** Whether it is written as an integer: no fraction and no exponent. */
        public boolean isInteger() {
            return literal.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        }
    }

    /** True or false. */
    record Bool(boolean value) implements JsonValue {}

    /** Null. */
    record Null() implements JsonValue {}

    /**
     * An object or an array.
     *
     * @param compact its text without white space between tokens
     * @param isObject whether it is an object
     * @param levels how deep it is nested, itself the first
     * @param clean whether no name or string in it has a character that {@link Characters} refuses
     */
    record Container(String compact, boolean isObject, int levels, boolean clean) implements JsonValue {}

    /** The value that the parser's current token begins; the parser then stands on the value's last token. */
    static JsonValue read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_STRING -> new Text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeric(parser.getString());
            case VALUE_TRUE -> new Bool(true);
            case VALUE_FALSE -> new Bool(false);
            case VALUE_NULL -> new Null();
            case START_OBJECT, START_ARRAY -> container(parser);
            default -> throw new IllegalStateException("no value begins with " + token);
        };
    }

    private static Container container(JsonParser parser) {
        boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
        boolean clean = true;
        int level = 0;
        int levels = 0;
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.generator(text)) {
            do {
                JsonToken token = parser.currentToken();
                switch (token) {
                    case START_OBJECT -> {
                        out.writeStartObject();
                        levels = Math.max(levels, ++level);
                    }
                    case START_ARRAY -> {
                        out.writeStartArray();
                        levels = Math.max(levels, ++level);
                    }
                    case END_OBJECT -> {
                        out.writeEndObject();
                        level--;
                    }
                    case END_ARRAY -> {
                        out.writeEndArray();
                        level--;
                    }
                    case PROPERTY_NAME -> {
                        String name = parser.currentName();
                        clean &= Characters.allowed(name);
                        out.writeName(name);
                    }
                    case VALUE_STRING -> {
                        String value = parser.getString();
                        clean &= Characters.allowed(value);
                        out.writeString(value);
                    }
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(parser.getString());
                    case VALUE_TRUE -> out.writeBoolean(true);
                    case VALUE_FALSE -> out.writeBoolean(false);
                    case VALUE_NULL -> out.writeNull();
                    default -> throw new IllegalStateException("no part of a value: " + token);
                }
                if (level > 0) {
                    parser.nextToken();
                }
            } while (level > 0);
        }
        return new Container(text.toString(), isObject, levels, clean);
    }
}

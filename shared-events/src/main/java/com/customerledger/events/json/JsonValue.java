package com.customerledger.events.json;

import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One JSON value as it was sent. Numbers keep their text, so that 1.10 stays 1.10. Immutable. */
public sealed interface JsonValue {

    /** How deeply nested an object may be that is cut out of its text; what is deeper is too deep for every use. */
    int CUT_LEVELS_MAX = 16;

    /** A string, decoded. */
    record Text(String value) implements JsonValue {}

    /** A number, as it was written. */
    record Numeric(String literal) implements JsonValue {

        /** Whether it is written as an integer: no fraction and no exponent. */
        public boolean isInteger() {
            for (int i = 0; i < literal.length(); i++) {
                char c = literal.charAt(i);
                if (c != '-' && (c < '0' || c > '9')) {
                    return false;
                }
            }
            return true;
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

    /**
     * The same, more quickly where an object or an array is written compactly already.
     *
     * @param text all that the parser parses
     */
    static JsonValue read(JsonParser parser, String text) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            Container compact = compact(text, Json.offset(parser), token == JsonToken.START_OBJECT);
            if (compact != null) {
                parser.skipChildren();
                return compact;
            }
        }
        return read(parser);
    }

    /** The object or array that begins there, as it is written; null where it is to be written otherwise, or may be. */
    private static @Nullable Container compact(String text, int start, boolean isObject) {
        boolean quoted = false;
        int level = 0;
        int levels = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' || c < ' ') {
                return null;
            } else if (!quoted) {
                if (c == '{' || c == '[') {
                    levels = Math.max(levels, ++level);
                    if (levels > CUT_LEVELS_MAX) {
                        return null;
                    }
                } else if (c == ' ') {
                    return null;
                } else if ((c == '}' || c == ']') && --level == 0) {
                    // Nothing in it is escaped: what its names and strings are is what stands there.
                    String compact = text.substring(start, i + 1);
                    return new Container(compact, isObject, levels, Characters.allowed(compact));
                }
            }
        }
        return null;
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

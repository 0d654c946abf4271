package com.customerledger.gateway.commands;

import com.customerledger.events.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/**
 * A JSON value with all that is in it. It keeps the exact text of numbers, which Jackson's own tree does not: 1.10 and
 * 1.1, or 1e3 and 1000, are different values here, as they are in the ledger. The order of an object's members makes no
 * difference.
 *
 * <p>Immutable.
 */
sealed interface JsonTree {

    record Text(String value) implements JsonTree {
        @Override
        public String toString() {
            return '"' + value + '"';
        }
    }

    /** {@code text} as it stood in the JSON. */
    record Numeral(String text) implements JsonTree {
        @Override
        public String toString() {
            return text;
        }
    }

    record Bool(boolean value) implements JsonTree {
        @Override
        public String toString() {
            return String.valueOf(value);
        }
    }

    record Nothing() implements JsonTree {
        @Override
        public String toString() {
            return "null";
        }
    }

    record Items(List<JsonTree> values) implements JsonTree {
        @Override
        public String toString() {
            return values.toString();
        }
    }

    record Members(Map<String, JsonTree> values) implements JsonTree {

        /** The member's value; a member that is not there is null. */
        JsonTree get(String name) {
            return values.getOrDefault(name, NOTHING);
        }

        @Override
        public String toString() {
            return values.toString();
        }
    }

    JsonTree NOTHING = new Nothing();

    /**
     * Reads a text that holds one value and nothing else.
     *
     * @throws Malformed when it does not
     */
    static JsonTree parse(String text) throws Malformed {
        try (JsonParser parser = Json.parser(text)) {
            if (parser.nextToken() == null) {
                throw new Malformed("holds no value");
            }
            JsonTree value = read(parser);
            if (parser.nextToken() != null) {
                throw new Malformed("goes on after the value's end");
            }
            return value;
        } catch (JacksonException e) {
            throw new Malformed(e.getOriginalMessage(), e);
        }
    }

    /**
     * Whether a text that holds one value and nothing else holds an object; quicker than {@link #parse}, since nothing is
     * kept.
     *
     * @throws Malformed when {@link #parse} would throw it
     */
    static boolean isObject(String text) throws Malformed {
        try (JsonParser parser = Json.parser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new Malformed("holds no value");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new Malformed("goes on after the value's end");
            }
            return first == JsonToken.START_OBJECT;
        } catch (JacksonException e) {
            throw new Malformed(e.getOriginalMessage(), e);
        }
    }

    /** Reads the value whose first token is the parser's current one, and leaves the parser at its last. */
    static JsonTree read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_STRING -> new Text(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getString());
            case VALUE_TRUE -> new Bool(true);
            case VALUE_FALSE -> new Bool(false);
            case VALUE_NULL -> NOTHING;
            case START_ARRAY -> {
                List<JsonTree> values = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values.add(read(parser));
                }
                yield new Items(values);
            }
            case START_OBJECT -> {
                Map<String, JsonTree> values = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    values.put(name, read(parser));
                }
                yield new Members(values);
            }
            default -> throw new IllegalStateException("No value begins with " + token);
        };
    }

    /**
     * What reading an answer's stream failed with, told apart as a caller needs it: a connection that broke or an answer
     * that was cut off is an {@link IOException} and worth another try, anything else is not JSON and never will be.
     */
    static IOException brokenOff(JacksonException e) {
        if (e instanceof JacksonIOException && e.getCause() instanceof IOException cause) {
            return cause;
        }
        if (e instanceof UnexpectedEndOfInputException) {
            return new IOException("the answer was cut off", e);
        }
        throw new CommandFailure("The ledger's answer is not JSON: " + e.getOriginalMessage(), e);
    }

    /** A text that is not one JSON value; the message completes a sentence that begins with where it stands. */
    final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }

        Malformed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

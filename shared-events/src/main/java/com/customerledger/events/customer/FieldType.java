package com.customerledger.events.customer;

import com.customerledger.events.json.Characters;
import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The types that a field can have, and how a value of each is checked, written and read back. A value is a
 * {@link String} for TEXT and the lookups, an {@link Integer} for INTEGER and a {@link JsonText} for OBJECT.
 */
enum FieldType {
    TEXT {
        @Override
        Object check(CustomerField field, JsonValue sent) throws FaultyValueException {
            if (!(sent instanceof JsonValue.Text text)) {
                throw wrongType(field, "a string");
            }
            String value = text.value();
            if (!Characters.allowed(value)) {
                throw faulty(
                        ErrorCode.VALUE,
                        field,
                        "characters",
                        "control characters and unpaired surrogates are not allowed");
            }
            if (value.length() > field.lengthMax() && value.codePointCount(0, value.length()) > field.lengthMax()) {
                throw faulty(
                        ErrorCode.VALUE, field, "length", "must have at most " + field.lengthMax() + " characters");
            }
            if (field.required() && value.isBlank()) {
                throw faulty(ErrorCode.VALUE, field, "blank", "must not be blank");
            }
            return value;
        }
    },
    STATUS_LOOKUP {
        @Override
        Object check(CustomerField field, JsonValue sent) throws FaultyValueException {
            return lookup(field, sent, Lookup.Type.CUSTOMER_STATUS);
        }
    },
    ID_TYPE_LOOKUP {
        @Override
        Object check(CustomerField field, JsonValue sent) throws FaultyValueException {
            return lookup(field, sent, Lookup.Type.ID_TYPE);
        }
    },
    INTEGER {
        @Override
        Object check(CustomerField field, JsonValue sent) throws FaultyValueException {
            if (!(sent instanceof JsonValue.Numeric number) || !number.isInteger()) {
                throw wrongType(field, "an integer");
            }
            String literal = number.literal();
            if (literal.equals("-0")) {
                return 0;
            }
            if (literal.length() > INTEGER_DIGITS_MAX
                    || literal.startsWith("-")
                    || Long.parseLong(literal) > Integer.MAX_VALUE) {
                throw faulty(ErrorCode.VALUE, field, "range", "must be from 0 to " + Integer.MAX_VALUE);
            }
            return Integer.valueOf(literal);
        }
    },
    OBJECT {
        @Override
        Object check(CustomerField field, JsonValue sent) throws FaultyValueException {
            if (!(sent instanceof JsonValue.Container container) || !container.isObject()) {
                throw wrongType(field, "a JSON object");
            }
            if (!container.clean()) {
                throw faulty(
                        ErrorCode.VALUE,
                        field,
                        "characters",
                        "control characters and unpaired surrogates are not allowed, in names and values");
            }
            if (container.levels() > OBJECT_LEVELS_MAX) {
                throw faulty(
                        ErrorCode.VALUE, field, "depth", "must be nested at most " + OBJECT_LEVELS_MAX + " levels");
            }
            if (container.compact().length() > OBJECT_BYTES_MAX
                    || container.compact().getBytes(StandardCharsets.UTF_8).length > OBJECT_BYTES_MAX) {
                throw faulty(
                        ErrorCode.VALUE,
                        field,
                        "size",
                        "must have at most " + OBJECT_BYTES_MAX + " bytes, written compactly in UTF-8");
            }
            return new JsonText(container.compact());
        }
    };

    /** How large a JSON object may be, in bytes of its compact text in UTF-8. */
    static final int OBJECT_BYTES_MAX = 16_384;

    /** How deep a JSON object may be nested, itself the first level. */
    static final int OBJECT_LEVELS_MAX = 8;

    private static final int INTEGER_DIGITS_MAX = 10;

    /** The value that was sent, checked; it is not null. */
    abstract Object check(CustomerField field, JsonValue sent) throws FaultyValueException;

    static void write(JsonGenerator out, Object value) {
        if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Integer number) {
            out.writeNumber(number);
        } else {
            out.writeRawValue(((JsonText) value).compact());
        }
    }

    /** The value at the current token of a parser of that text, which this ledger wrote itself, compactly. */
    static Object read(JsonParser parser, String text) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getIntValue();
            case START_OBJECT -> new JsonText(Json.asWritten(parser, text));
            default -> throw new IllegalStateException("no field's value begins with " + token);
        };
    }

    private static String lookup(CustomerField field, JsonValue sent, Lookup.Type type) throws FaultyValueException {
        if (!(sent instanceof JsonValue.Text text)) {
            throw wrongType(field, "a string");
        }
        if (Lookup.find(text.value(), type) == null) {
            throw faulty(ErrorCode.LOOKUP, field, "lookup", "must be the id of a lookup of type " + type.text());
        }
        return text.value();
    }

    private static FaultyValueException wrongType(CustomerField field, String expected) {
        return faulty(ErrorCode.PARAMETER, field, "type", "must be " + expected);
    }

    static FaultyValueException faulty(ErrorCode code, CustomerField field, String rule, String message) {
        return new FaultyValueException(new Fault(code, field.json(), rule, message));
    }
}

package com.customerledger.gateway.http.request;

import com.customerledger.events.json.Characters;
import com.customerledger.events.json.JsonValue;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Collects the faults of one record's members while they are read, and reads those that are not a customer's fields. */
public final class Members {

    /** How many unknown fields of one record are told: a body has room for millions. */
    static final int UNKNOWN_TOLD_MAX = 100;

    private static final Pattern CUSTOMER_ID = Pattern.compile("cus_[A-Za-z0-9_-]{1,28}");

    private List<Fault> faults = List.of();
    private int unknown;

    /** What is wrong with the record so far. */
    public List<Fault> faults() {
        return faults;
    }

    /** Adds a fault. */
    public void add(Fault fault) {
        if (faults.isEmpty()) {
            faults = new ArrayList<>();
        }
        faults.add(fault);
    }

    /** Adds a fault. */
    public void add(ErrorCode code, String field, String rule, String message) {
        add(new Fault(code, field, rule, message));
    }

    /** Passes over a member that no record of this kind has. */
    public void unknown(String name, JsonParser parser) {
        parser.skipChildren();
        if (++unknown <= UNKNOWN_TOLD_MAX) {
            add(ErrorCode.PARAMETER, name, "unknown", "is not a field of this record");
        }
    }

    /** Tells of a member that is missing, or null where it must have a value. */
    public void required(String name) {
        add(ErrorCode.PARAMETER, name, "required", "is required");
    }

    /** Tells of a value of another type. */
    public void wrongType(String name, String expected) {
        add(ErrorCode.PARAMETER, name, "type", "must be " + expected);
    }

    /** The string that the parser stands at, or null with its fault where it is something else. */
    public @Nullable String string(String name, JsonParser parser) {
        JsonValue value = JsonValue.read(parser);
        if (value instanceof JsonValue.Text text) {
            return text.value();
        }
        if (value instanceof JsonValue.Null) {
            required(name);
        } else {
            wrongType(name, "a string");
        }
        return null;
    }

    /**
     * The customer's id that the parser stands at, or null with its fault. What can't be an id is not found, as any id
     * that there never was.
     */
    public @Nullable String customerId(String name, JsonParser parser) {
        String id = string(name, parser);
        if (id == null || canBeCustomer(id)) {
            return id;
        }
        add(ErrorCode.NOT_FOUND, name, "not_found", "there is no such customer");
        return null;
    }

    /** A text of that length in Unicode code points, not blank, without control characters; or null with its fault. */
    public @Nullable String text(String name, int lengthMax, JsonParser parser) {
        String text = string(name, parser);
        if (text == null) {
            return null;
        }
        if (!Characters.allowed(text)) {
            add(ErrorCode.VALUE, name, "characters", "control characters and unpaired surrogates are not allowed");
            return null;
        }
        if (text.codePointCount(0, text.length()) > lengthMax) {
            add(ErrorCode.VALUE, name, "length", "must have at most " + lengthMax + " characters");
            return null;
        }
        if (text.isBlank()) {
            add(ErrorCode.VALUE, name, "blank", "must not be blank");
            return null;
        }
        return text;
    }

    /** Whether a text has the form of a customer's id. */
    public static boolean canBeCustomer(String id) {
        return CUSTOMER_ID.matcher(id).matches();
    }
}

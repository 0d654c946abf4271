package com.customerledger.gateway.http.customers;

import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FaultyValueException;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.json.JsonValue;
import com.customerledger.events.refusal.Fault;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.RecordReader;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads an update of a customer. Null clears a field; a field that is not there is left alone. Thread-safe. */
final class CustomerUpdateReader implements RecordReader<CustomerUpdate> {

    private static final int VERSION_DIGITS_MAX = 9;
    /** No customer ever has it. */
    private static final int NO_VERSION = 0;

    @Override
    public CustomerUpdate read(JsonParser object, String text) {
        Members members = new Members();
        Map<CustomerField, @Nullable Object> fields = new EnumMap<>(CustomerField.class);
        boolean hasId = false;
        String id = null;
        Integer ifVersion = null;
        while (object.nextToken() != JsonToken.END_OBJECT) {
            String name = object.currentName();
            JsonToken value = object.nextToken();
            CustomerField field = CustomerField.named(name);
            if (field != null) {
                readField(field, value, object, text, fields, members);
            } else if (name.equals("id")) {
                hasId = true;
                id = members.customerId(name, object);
            } else if (name.equals("if_version")) {
                ifVersion = version(name, object, members);
            } else if (Ignored.is(name)) {
                object.skipChildren();
            } else {
                members.unknown(name, object);
            }
        }
        if (!hasId) {
            members.required("id");
        }
        return new CustomerUpdate(id, FieldChanges.of(fields), ifVersion, members.faults());
    }

    private static void readField(
            CustomerField field,
            JsonToken value,
            JsonParser object,
            String text,
            Map<CustomerField, @Nullable Object> fields,
            Members members) {
        if (value == JsonToken.VALUE_NULL) {
            if (field.clearable()) {
                fields.put(field, null);
            } else {
                members.required(field.json());
            }
            return;
        }
        try {
            fields.put(field, field.check(JsonValue.read(object, text)));
        } catch (FaultyValueException wrong) {
            members.add(wrong.fault());
        }
    }

    /** An integer that no version can be is a version that the customer does not have. */
    private static @Nullable Integer version(String name, JsonParser object, Members members) {
        if (JsonValue.read(object) instanceof JsonValue.Numeric number && number.isInteger()) {
            String literal = number.literal();
            return literal.length() > VERSION_DIGITS_MAX || literal.startsWith("-")
                    ? Integer.valueOf(NO_VERSION)
                    : Integer.valueOf(literal);
        }
        members.wrongType(name, "an integer");
        return null;
    }

    @Override
    public CustomerUpdate faulty(List<Fault> faults) {
        return new CustomerUpdate(null, FieldChanges.none(), null, faults);
    }
}

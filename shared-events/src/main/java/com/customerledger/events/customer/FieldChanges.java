package com.customerledger.events.customer;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Fields and what becomes of each: a new value, or null for one that is cleared. A field that is not in it is left
 * alone. Immutable; equal to another with the same fields and values.
 */
public final class FieldChanges {

    private static final FieldChanges NONE = new FieldChanges(new EnumMap<>(CustomerField.class));

    private final EnumMap<CustomerField, @Nullable Object> values;

    private FieldChanges(EnumMap<CustomerField, @Nullable Object> values) {
        this.values = values;
    }

    /** No change at all. */
    public static FieldChanges none() {
        return NONE;
    }

    /**
     * A copy of the map.
     *
     * @param values values of the types that {@link CustomerField#check} gives
     */
    public static FieldChanges of(Map<CustomerField, ? extends @Nullable Object> values) {
        EnumMap<CustomerField, @Nullable Object> copy = new EnumMap<>(CustomerField.class);
        copy.putAll(values);
        return new FieldChanges(copy);
    }

    /** Whether nothing is changed. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether that field is changed, be it cleared. */
    public boolean has(CustomerField field) {
        return values.containsKey(field);
    }

    /** The field's new value; null when it is cleared or left alone. */
    public @Nullable Object get(CustomerField field) {
        return values.get(field);
    }

    /** The fields that are changed, in their own order. */
    public Set<CustomerField> fields() {
        return java.util.Collections.unmodifiableSet(values.keySet());
    }

    /** Hands on each changed field and its new value, in the fields' order. */
    public void forEach(BiConsumer<CustomerField, @Nullable Object> action) {
        values.forEach(action);
    }

    /** The same without that field. */
    public FieldChanges without(CustomerField field) {
        if (!has(field)) {
            return this;
        }
        EnumMap<CustomerField, @Nullable Object> rest = new EnumMap<>(values);
        rest.remove(field);
        return new FieldChanges(rest);
    }

    /** The same with that field. */
    public FieldChanges with(CustomerField field, @Nullable Object value) {
        EnumMap<CustomerField, @Nullable Object> more = new EnumMap<>(values);
        more.put(field, value);
        return new FieldChanges(more);
    }

    /** Writes them as one JSON object, cleared fields as null. */
    public void write(JsonGenerator out) {
        out.writeStartObject();
        forEach((field, value) -> {
            out.writeName(field.written());
            if (value == null) {
                out.writeNull();
            } else {
                FieldType.write(out, value);
            }
        });
        out.writeEndObject();
    }

    /**
     * Reads what {@link #write} wrote; the parser stands on the object's start, then on its end.
     *
     * @param text all that the parser parses
     * @throws IllegalStateException for a field that this version of the program does not know
     */
    public static FieldChanges read(JsonParser parser, String text) {
        EnumMap<CustomerField, @Nullable Object> values = new EnumMap<>(CustomerField.class);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            CustomerField field = CustomerField.named(name);
            if (field == null) {
                throw new IllegalStateException("no field of a customer is called " + name);
            }
            values.put(field, parser.nextToken() == JsonToken.VALUE_NULL ? null : FieldType.read(parser, text));
        }
        return new FieldChanges(values);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldChanges that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The names of the fields only: values are personal, and texts like this one end in logs. */
    @Override
    public String toString() {
        return "FieldChanges" + values.keySet();
    }
}

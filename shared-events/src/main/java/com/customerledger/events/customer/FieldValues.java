package com.customerledger.events.customer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The value of every field of one customer, null where it has none, and which of them were changed since it was created.
 * Immutable; equal to another with the same values.
 */
public final class FieldValues {

    private static final FieldValues NONE =
            new FieldValues(new EnumMap<>(CustomerField.class), EnumSet.allOf(CustomerField.class));

    private final EnumMap<CustomerField, Object> values;
    private final EnumSet<CustomerField> changed;

    private FieldValues(EnumMap<CustomerField, Object> values, EnumSet<CustomerField> changed) {
        this.values = values;
        this.changed = changed;
    }

    /** No field has a value. */
    public static FieldValues none() {
        return NONE;
    }

    /** The values that a customer is created with: of their {@link #changed} fields there is none. */
    static FieldValues created(FieldChanges fields) {
        return new FieldValues(NONE.valuesWith(fields), EnumSet.noneOf(CustomerField.class));
    }

    /**
     * Those values, of which these fields were changed.
     *
     * @param values of the types that {@link CustomerField#check} gives; nobody else has the map
     * @param changed what {@link #changed} is to be; nobody else has the set
     */
    static FieldValues of(EnumMap<CustomerField, Object> values, EnumSet<CustomerField> changed) {
        return new FieldValues(values, changed);
    }

    /**
     * The fields that were given a value or cleared since the customer was created, back to what they were or not; all of
     * them where it is not known how the values came about.
     */
    Set<CustomerField> changed() {
        return Collections.unmodifiableSet(changed);
    }

    /** The field's value or null. */
    public @Nullable Object get(CustomerField field) {
        return values.get(field);
    }

    /** The value of a field whose values are texts or lookup ids, or null. */
    public @Nullable String text(CustomerField field) {
        return (String) get(field);
    }

    /** The values after those changes. */
    public FieldValues with(FieldChanges changes) {
        EnumSet<CustomerField> afterwards = EnumSet.copyOf(changed);
        afterwards.addAll(changes.fields());
        return new FieldValues(valuesWith(changes), afterwards);
    }

    private EnumMap<CustomerField, Object> valuesWith(FieldChanges changes) {
        EnumMap<CustomerField, Object> after = new EnumMap<>(values);
        changes.forEach((field, value) -> {
            if (value == null) {
                after.remove(field);
            } else {
                after.put(field, value);
            }
        });
        return after;
    }

    /** Those of the changes that would leave another value than there is. */
    public FieldChanges effective(FieldChanges changes) {
        FieldChanges effective = changes;
        for (CustomerField field : changes.fields()) {
            if (Objects.equals(get(field), changes.get(field))) {
                effective = effective.without(field);
            }
        }
        return effective;
    }

    /** Writes every field, in the fields' order, into the object that is being written. */
    void write(JsonGenerator out) {
        for (CustomerField field : CustomerField.all()) {
            out.writeName(field.written());
            write(out, field);
        }
    }

    /** Writes the field's value as it stands in answers, null where it has none. */
    public void write(JsonGenerator out, CustomerField field) {
        Object value = get(field);
        if (value == null) {
            out.writeNull();
        } else {
            FieldType.write(out, value);
        }
    }

    /** The fields in which these values differ from others, in the fields' order. */
    public List<CustomerField> differences(FieldValues others) {
        List<CustomerField> differences = new ArrayList<>();
        for (CustomerField field : CustomerField.all()) {
            if (!Objects.equals(get(field), others.get(field))) {
                differences.add(field);
            }
        }
        return differences;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Nothing of the values: they are personal, and texts like this one end in logs. */
    @Override
    public String toString() {
        return "FieldValues[…]";
    }
}

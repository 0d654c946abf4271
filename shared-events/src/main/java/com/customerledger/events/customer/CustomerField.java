package com.customerledger.events.customer;

import com.customerledger.events.json.JsonValue;
import com.customerledger.events.refusal.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.SerializedString;

/**
 * The table of a customer's fields: everything else (the check of a request, the events, the views, the answers, the
 * API's description) is read off it. Names, types and lengths are the source document's; the rules are those of the
 * API contract. A field is added here, at the end, and nowhere else.
 */
public enum CustomerField {
    REFERENCE("reference", FieldType.TEXT, 35, true, "Your reference for this customer, unique among your customers"),
    COMPANY_NAME("company_name", FieldType.TEXT, 64, false, "Needed unless both of the person's names are given"),
    PERSON_NAME("person_name", FieldType.TEXT, 32, false, "The person's first name; DebiCheck needs it"),
    PERSON_SURNAME("person_surname", FieldType.TEXT, 32, false, "The person's surname; DebiCheck needs it"),
    ID_TYPE(
            "id_type_lookups_id",
            FieldType.ID_TYPE_LOOKUP,
            32,
            false,
            "What kind of number id_number is, a lookup of type id_type; DebiCheck needs it"),
    ID_NUMBER("id_number", FieldType.TEXT, 13, false, "The number of the person's identity document"),
    EMAIL("email", FieldType.TEXT, 128, false, "A valid e-mail address", "email", "must be a valid e-mail address") {
        @Override
        boolean holds(String value) {
            return EmailAddresses.isValid(value);
        }
    },
    CONTACT_NUMBER(
            "contact_number",
            FieldType.TEXT,
            16,
            false,
            "A possible phone number; without a country code it is a South African one",
            "phone",
            "must be a possible phone number") {
        @Override
        boolean holds(String value) {
            return PhoneNumbers.isPossible(value);
        }
    },
    BILLING_ADDRESS_LINE_1("billing_address_line_1", FieldType.TEXT, 128, false, "The first line of the address"),
    BILLING_ADDRESS_LINE_2("billing_address_line_2", FieldType.TEXT, 128, false, "The second line of the address"),
    CITY_OR_TOWN("city_or_town", FieldType.TEXT, 64, false, "The city or town of the address"),
    POSTAL_CODE("postal_code", FieldType.INTEGER, 0, false, "The postal code of the address"),
    CUSTOMER_STATUS(
            "customer_status_lookups_id",
            FieldType.STATUS_LOOKUP,
            32,
            false,
            "A lookup of type customer_status; ACTIVE where none is given"),
    METADATA("metadata", FieldType.OBJECT, 0, false, "Anything else that you keep about this customer");

    private static final List<CustomerField> ALL = List.of(values());
    private static final Map<String, CustomerField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(CustomerField::json, Function.identity()));

    private final String json;

    @SuppressWarnings("ImmutableEnumChecker") // What it fills in later is always the same.
    private final SerializedString written;

    private final FieldType type;
    private final int lengthMax;
    private final boolean required;
    private final String description;
    private final @Nullable String rule;
    private final @Nullable String ruleMessage;

    CustomerField(String json, FieldType type, int lengthMax, boolean required, String description) {
        this(json, type, lengthMax, required, description, null, null);
    }

    CustomerField(
            String json,
            FieldType type,
            int lengthMax,
            boolean required,
            String description,
            @Nullable String rule,
            @Nullable String ruleMessage) {
        this.json = json;
        this.written = new SerializedString(json);
        this.type = type;
        this.lengthMax = lengthMax;
        this.required = required;
        this.description = description;
        this.rule = rule;
        this.ruleMessage = ruleMessage;
    }

    /** Every field, in the order of an answer. */
    public static List<CustomerField> all() {
        return ALL;
    }

    /** The field with that name in JSON, or null. */
    public static @Nullable CustomerField named(String json) {
        return BY_NAME.get(json);
    }

    /** The field's name in requests, answers and events. */
    public String json() {
        return json;
    }

    /** The same, ready to be written. */
    SerializedString written() {
        return written;
    }

    /** The longest value of a text, in Unicode code points; 0 where the type has no length. */
    public int lengthMax() {
        return lengthMax;
    }

    /** Whether a customer can't be without it. */
    public boolean required() {
        return required;
    }

    /** Whether an update may clear it. */
    public boolean clearable() {
        return !required && this != CUSTOMER_STATUS;
    }

    /** One sentence for the API's description. */
    public String description() {
        return description;
    }

    /** The type in the words of JSON Schema: {@code string}, {@code integer} or {@code object}. */
    public String schemaType() {
        return switch (type) {
            case TEXT, STATUS_LOOKUP, ID_TYPE_LOOKUP -> "string";
            case INTEGER -> "integer";
            case OBJECT -> "object";
        };
    }

    /** The type of lookup that the field holds the id of, or null where it holds none. */
    public Lookup.@Nullable Type lookupType() {
        return switch (type) {
            case STATUS_LOOKUP -> Lookup.Type.CUSTOMER_STATUS;
            case ID_TYPE_LOOKUP -> Lookup.Type.ID_TYPE;
            default -> null;
        };
    }

    /**
     * The value that was sent, checked against the field's type, length and rule.
     *
     * @param sent anything but null
     * @return a String, an Integer or a {@link JsonText}
     * @throws FaultyValueException with the fault, when it is not a value of this field
     */
    public Object check(JsonValue sent) throws FaultyValueException {
        Object value = type.check(this, sent);
        if (rule != null && ruleMessage != null && !holds((String) value)) {
            throw FieldType.faulty(ErrorCode.VALUE, this, rule, ruleMessage);
        }
        return value;
    }

    /** Whether a text that has the right length satisfies the field's own rule. */
    boolean holds(String value) {
        return true;
    }
}

package com.customerledger.gateway.openapi;

import com.customerledger.events.PaymentMethod;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.refusal.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document. What it says of calls, headers and answers is kept by hand in {@code openapi.yaml}; what is a fact
 * elsewhere in the code (the customers' fields, lookups, error codes, limits) is read off there.
 */
final class ApiDescription {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String SCHEMAS = "#/components/schemas/";

    private ApiDescription() {}

    /**
     * The document as JSON.
     *
     * @param recordsMax how many records a batch may have
     */
    static ObjectNode of(int recordsMax) {
        ObjectNode document = read();
        ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
        for (Lookup.Type type : Lookup.Type.values()) {
            schemas.set(schemaOf(type), lookupIds(type));
        }
        strings(
                schema(schemas, "LookupType"),
                Arrays.stream(Lookup.Type.values()).map(Lookup.Type::text));
        strings(schema(schemas, "ErrorCode"), Arrays.stream(ErrorCode.values()).map(ErrorCode::code));
        strings(
                schema(schemas, "PaymentMethod"),
                Arrays.stream(PaymentMethod.values()).map(Enum::name));

        ObjectNode created = schema(schemas, "NewCustomer");
        ObjectNode updated = schema(schemas, "CustomerUpdate");
        ObjectNode read = schema(schemas, "Customer");
        for (CustomerField field : CustomerField.all()) {
            properties(created).set(field.json(), value(field, !field.required()));
            properties(updated).set(field.json(), value(field, field.clearable()));
            properties(read).set(field.json(), value(field, field.clearable()));
            if (field.required()) {
                created.withArray("required").add(field.json());
            }
            read.withArray("required").add(field.json());
        }
        read.putArray("examples").add(example(document));

        for (String batch : new String[] {"NewCustomers", "CustomerUpdates", "PaymentStarts", "PaymentStops"}) {
            ((ObjectNode) schema(schemas, batch).at("/properties/records")).put("maxItems", recordsMax);
        }
        return document;
    }

    private static ObjectNode read() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (InputStream yaml = ApiDescription.class.getResourceAsStream("openapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("openapi.yaml is not in the jar");
            }
            Map<String, Object> document = new Yaml(new SafeConstructor(options)).load(yaml);
            return MAPPER.valueToTree(document);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ObjectNode schema(ObjectNode schemas, String name) {
        return (ObjectNode) schemas.required(name);
    }

    private static ObjectNode properties(ObjectNode schema) {
        return (ObjectNode) schema.required("properties");
    }

    private static ObjectNode value(CustomerField field, boolean nullable) {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("description", field.description());
        Lookup.Type lookup = field.lookupType();
        if (lookup != null) {
            String reference = SCHEMAS + schemaOf(lookup);
            if (nullable) {
                ArrayNode either = schema.putArray("oneOf");
                either.addObject().put("$ref", reference);
                either.addObject().put("type", "null");
            } else {
                schema.put("$ref", reference);
            }
            return schema;
        }
        if (nullable) {
            schema.putArray("type").add(field.schemaType()).add("null");
        } else {
            schema.put("type", field.schemaType());
        }
        if (field.lengthMax() > 0) {
            schema.put("maxLength", field.lengthMax());
        }
        if (field.schemaType().equals("integer")) {
            schema.put("format", "int32").put("minimum", 0).put("maximum", Integer.MAX_VALUE);
        }
        return schema;
    }

    /** {@code customer_status} becomes {@code CustomerStatusId}. */
    private static String schemaOf(Lookup.Type type) {
        StringBuilder name = new StringBuilder();
        for (String word : type.text().split("_", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.append("Id").toString();
    }

    private static ObjectNode lookupIds(Lookup.Type type) {
        ObjectNode schema = MAPPER.createObjectNode();
        schema.put("type", "string");
        StringBuilder description =
                new StringBuilder("A lookup of type `").append(type.text()).append("`:");
        ArrayNode ids = schema.putArray("enum");
        for (Lookup lookup : Lookup.values()) {
            if (lookup.type() == type) {
                ids.add(lookup.id());
                description
                        .append(" `")
                        .append(lookup.id())
                        .append("` ")
                        .append(lookup.name())
                        .append(';');
            }
        }
        description.setCharAt(description.length() - 1, '.');
        return schema.put("description", description.toString());
    }

    private static void strings(ObjectNode schema, Stream<String> values) {
        ArrayNode closed = schema.putArray("enum");
        values.forEach(closed::add);
    }

    /** The customer that the first example of a create makes. */
    private static ObjectNode example(ObjectNode document) {
        JsonNode sent = document.at(
                "/paths/~1customers~1create/post/requestBody/content/application~1json/examples/person/value/records/0");
        ObjectNode customer = MAPPER.createObjectNode();
        customer.set("id", document.at("/components/schemas/CustomerId/examples/0"));
        for (CustomerField field : CustomerField.all()) {
            JsonNode value = sent.get(field.json());
            if (value != null) {
                customer.set(field.json(), value);
            } else if (field.lookupType() == Lookup.Type.CUSTOMER_STATUS) {
                customer.put(field.json(), Lookup.ACTIVE.id());
            } else {
                customer.putNull(field.json());
            }
        }
        customer.putNull("deleted_at").putNull("updated_at");
        customer.set("created_at", document.at("/components/schemas/Timestamp/examples/0"));
        return customer;
    }
}

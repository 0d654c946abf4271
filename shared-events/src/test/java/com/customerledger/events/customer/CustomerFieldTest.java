package com.customerledger.events.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import com.customerledger.events.refusal.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;

class CustomerFieldTest {

    private static JsonValue json(String text) {
        try (JsonParser parser = Json.parser(text)) {
            parser.nextToken();
            return JsonValue.read(parser);
        }
    }

    private static Fault fault(CustomerField field, String json) {
        return catchThrowableOfType(FaultyValueException.class, () -> field.check(json(json)))
                .fault();
    }

    private static Object value(CustomerField field, String json) throws FaultyValueException {
        return field.check(json(json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            REFERENCE       | 5                              | 003 | type
            REFERENCE       | " "                            | 005 | blank
            REFERENCE       | "a\\u0000b"                    | 005 | characters
            REFERENCE       | "a\\rb"                        | 005 | characters
            REFERENCE       | "a\\u0085b"                    | 005 | characters
            REFERENCE       | "\\ud800"                       | 005 | characters
            REFERENCE       | "\\udc00\\ud800"               | 005 | characters
            REFERENCE       | "123456789012345678901234567890123456" | 005 | length
            EMAIL           | "nobody"                       | 005 | email
            EMAIL           | ""                             | 005 | email
            CONTACT_NUMBER  | "12"                           | 005 | phone
            CONTACT_NUMBER  | "+2783123456789012"            | 005 | length
            POSTAL_CODE     | "1285"                         | 003 | type
            POSTAL_CODE     | 1285.0                         | 003 | type
            POSTAL_CODE     | 1e3                            | 003 | type
            POSTAL_CODE     | -1                             | 005 | range
            POSTAL_CODE     | 2147483648                     | 005 | range
            POSTAL_CODE     | 99999999999999999999999        | 005 | range
            ID_TYPE         | 1                              | 003 | type
            ID_TYPE         | "loo_none"                     | 004 | lookup
            ID_TYPE         | "loo_CbOmCgDMnATtEX2ynSoQ0"    | 004 | lookup
            CUSTOMER_STATUS | "loo_86wQzYR1OroPfvgTW5lbh"    | 004 | lookup
            METADATA        | []                             | 003 | type
            METADATA        | "{}"                           | 003 | type
            METADATA        | {"a":"\\u0001"}                | 005 | characters
            METADATA        | {"\\ud800":1}                  | 005 | characters
            METADATA        | {"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{}}}}}}}}} | 005 | depth
            METADATA        | {"a":[[[[[[[[1]]]]]]]]}        | 005 | depth
            """)
    void aWrongValueHasItsCodeAndRule(CustomerField field, String json, String code, String rule) {
        Fault fault = fault(field, json);

        assertThat(fault.code().code()).isEqualTo(code);
        assertThat(fault.rule()).isEqualTo(rule);
        assertThat(fault.field()).isEqualTo(field.json());
    }

    @Test
    void lengthsCountCodePoints() throws FaultyValueException {
        assertThat(value(CustomerField.REFERENCE, '"' + "🙂".repeat(35) + '"')).isEqualTo("🙂".repeat(35));
        assertThat(fault(CustomerField.REFERENCE, '"' + "🙂".repeat(36) + '"').rule())
                .isEqualTo("length");
    }

    @Test
    void aTextIsKeptAsItWasSent() throws FaultyValueException {
        assertThat(value(CustomerField.CITY_OR_TOWN, "\"  Ká\\n\\t \"")).isEqualTo("  Ká\n\t ");
        assertThat(value(CustomerField.CITY_OR_TOWN, "\"\"")).isEqualTo("");
        assertThat(value(CustomerField.CONTACT_NUMBER, "\"083 123 4567\"")).isEqualTo("083 123 4567");
    }

    @Test
    void metadataIsKeptCompactWithItsNumbersToTheLetter() throws FaultyValueException {
        Object kept = value(CustomerField.METADATA, """
                { "a" : 1.10, "b" : [ 12345678901234567890, -0, 1E+2 ], "c" : "\\u0041" }
                """);

        assertThat(kept).isEqualTo(new JsonText("{\"a\":1.10,\"b\":[12345678901234567890,-0,1E+2],\"c\":\"A\"}"));
    }

    @Test
    void metadataMayHave16KibAndEightLevels() throws FaultyValueException {
        String filled = "{\"a\":\"" + "é".repeat((16_384 - 8) / 2) + "\"}";
        assertThat(value(CustomerField.METADATA, filled)).isEqualTo(new JsonText(filled));
        assertThat(fault(CustomerField.METADATA, filled.replaceFirst("é", "éa")).rule())
                .isEqualTo("size");
        String nested = "{\"a\":[[[[[[[1]]]]]]]}";
        assertThat(value(CustomerField.METADATA, nested)).isEqualTo(new JsonText(nested));
    }

    @Test
    void integersMayHaveTheWholeRange() throws FaultyValueException {
        assertThat(value(CustomerField.POSTAL_CODE, "0")).isEqualTo(0);
        assertThat(value(CustomerField.POSTAL_CODE, "2147483647")).isEqualTo(Integer.MAX_VALUE);
    }
}

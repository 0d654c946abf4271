package com.customerledger.events.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** A value is the same whether it was cut out of the text or written anew. */
class JsonValueTest {

    private static final int TEXTS = 10_000;

    private static final String[] PARTS = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"a\"",
        "\"b\"",
        "\"\"",
        "\"é🙂 \"",
        "\"{\"",
        "\"\\\"\"",
        "\"\\u0041\"",
        "\"\\/\"",
        "\"/\"",
        "\"\u007f\"",
        "\"\u0085\"",
        "\"\\ud800\"",
        "1",
        "1.10",
        "-0",
        "1E5",
        "01",
        "true",
        "null",
        " ",
        "\n"
    };

    /** What is read, where the parser stands then and what comes after; or that the text is refused. */
    private static String read(String text, boolean anew) {
        try (JsonParser parser = Json.parser(text)) {
            parser.nextToken();
            JsonValue value = anew ? JsonValue.read(parser) : JsonValue.read(parser, text);
            return value + " " + parser.currentToken() + " " + Json.offset(parser) + " " + parser.nextToken();
        } catch (JacksonException refused) {
            return "refused";
        }
    }

    private static void isReadAlike(String text) {
        if (!read(text, false).equals(read(text, true))) {
            fail("read otherwise: " + text);
        }
    }

    private static void write(Random random, StringBuilder json, int levels) {
        String space = random.nextInt(12) == 0 ? " " : "";
        switch (levels == 0 ? 2 : random.nextInt(4)) {
            case 0 -> {
                json.append('{');
                for (int i = random.nextInt(4); i > 0; i--) {
                    json.append('"').append((char) ('a' + (random.nextInt(20) == 0 ? 0 : i)));
                    json.append("\":").append(space);
                    write(random, json, levels - 1);
                    json.append(i > 1 ? "," : "");
                }
                json.append('}');
            }
            case 1 -> {
                json.append('[').append(space);
                for (int i = random.nextInt(4); i > 0; i--) {
                    write(random, json, levels - 1);
                    json.append(i > 1 ? "," : "");
                }
                json.append(']');
            }
            default -> json.append(PARTS[6 + random.nextInt(PARTS.length - 8)]);
        }
    }

    @Test
    void whatIsWrittenWellIsReadAlike() {
        Random random = new Random(1);
        int kept = 0;
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder json = new StringBuilder();
            write(random, json, 4);
            json.append(random.nextInt(5) == 0 ? " {}" : "");
            isReadAlike(json.toString());
            kept += read(json.toString(), false).contains(json) ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(TEXTS / 10);
    }

    @Test
    void whatIsWrittenBadlyIsRefusedAlike() {
        Random random = new Random(2);
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder json = new StringBuilder(random.nextBoolean() ? "{" : "[");
            for (int part = random.nextInt(9); part >= 0; part--) {
                json.append(PARTS[random.nextInt(PARTS.length)]);
            }
            isReadAlike(json.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":[{\"c\":1,\"c\":1}]}}",
                "[[[[[[[[[1]]]]]]]]]",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":]}",
                "[}",
                "{\"a\":[}]",
                "{\"a",
                "{\"a\":1",
                "[1,]",
                "[\"a\"\"b\"]",
                "[\u00a0]"
            })
    void oddOnesAreReadAlike(String text) {
        isReadAlike(text);
    }

    @Test
    void whatIsNestedDeeplyIsReadAlike() {
        isReadAlike("[".repeat(Json.LEVELS_MAX) + "]".repeat(Json.LEVELS_MAX));
        isReadAlike("[".repeat(Json.LEVELS_MAX + 1) + "]".repeat(Json.LEVELS_MAX + 1));
        for (int levels = 1; levels < 2 * JsonValue.CUT_LEVELS_MAX; levels++) {
            isReadAlike("{\"a\":[".repeat(levels) + "]}".repeat(levels));
        }
    }
}

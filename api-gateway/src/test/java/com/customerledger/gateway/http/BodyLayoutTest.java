package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The row 002 of the error table: bodies that are not what a batch looks like. */
class BodyLayoutTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final TestServer.Caller CALLER = SERVER.merchant();
    private static final String CREATE = "/customers/create";

    static Stream<String> layouts() {
        String record = "{\"reference\":\"layout\",\"company_name\":\"x\"}";
        return Stream.of(
                "",
                " ",
                "null",
                "12",
                "\"records\"",
                "[]",
                "[" + record + "]",
                "{}",
                "{\"records\":null}",
                "{\"records\":{}}",
                "{\"records\":\"x\"}",
                "{\"records\":[]}",
                "{\"records\":[]} ",
                "{\"Records\":[" + record + "]}",
                "{\"records\":[" + record + "]",
                "{\"records\":[" + record + ",]}",
                "{\"records\":[" + record + "],}",
                "{\"records\":[" + record + "]}}",
                "{\"records\":[" + record + "]} x",
                "{\"records\":[" + record + "]}\u0000",
                "{\"records\":[" + record + "]}{}",
                "\uFEFF{\"records\":[" + record + "]}",
                "{'records':[" + record + "]}",
                "{records:[" + record + "]}",
                "/* no */{\"records\":[" + record + "]}",
                "{\"records\":[" + record + "],\"records\":[" + record + "]}",
                "{\"x\":[" + record + "]}",
                "{\"records\":[{\"reference\":\"a\",\"reference\":\"b\"}]}",
                "{\"records\":[{\"reference\":\"a\",\"r\\u0065ference\":\"b\"}]}",
                "{\"records\":[{\"metadata\":{\"a\":{\"b\":1,\"b\":1}}}]}",
                "{\"records\":[{\"unknown\":{\"a\":1,\"a\":1}}]}",
                "{\"records\":[{\"postal_code\":01}]}",
                "{\"records\":[{\"postal_code\":+1}]}",
                "{\"records\":[{\"postal_code\":.5}]}",
                "{\"records\":[{\"postal_code\":1.}]}",
                "{\"records\":[{\"postal_code\":0x1}]}",
                "{\"records\":[{\"postal_code\":NaN}]}",
                "{\"records\":[{\"postal_code\":Infinity}]}",
                "{\"records\":[{\"postal_code\":1e}]}",
                "{\"records\":[{\"city_or_town\":True}]}",
                "{\"records\":[{\"city_or_town\":nul}]}",
                "{\"records\":[{\"city_or_town\":\"a\nb\"}]}",
                "{\"records\":[{\"city_or_town\":\"a\tb\"}]}",
                "{\"records\":[{\"city_or_town\":\"\\x\"}]}",
                "{\"records\":[{\"city_or_town\":\"\\u12\"}]}",
                "{\"records\":[{\"city_or_town\":\"open}]}",
                "{\"records\":[{\"city_or_town\" \"x\"}]}",
                "{\"records\":[{\"city_or_town\"}]}",
                "{\"records\":[" + "[".repeat(999) + "]".repeat(999) + "]}",
                "{\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}",
                "[".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void isRefused(String body) {
        Reply reply = CALLER.post(CREATE, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("002");
        assertThat(reply.json().get("error_details")).isEmpty();
    }

    @Test
    void aThousandLevelsAreAllowed() {
        // The body's object, its array and the record are the first three.
        String deep = "{\"x\":" + "[".repeat(997) + "]".repeat(997) + "}";

        assertThat(CALLER.post(CREATE, Bodies.records(deep)).text()).contains("\"error_code\":\"003\"");
        assertThat(CALLER.post(CREATE, Bodies.records(deep.replace("[]", "[[]]")))
                        .code())
                .isEqualTo("002");
    }

    @Test
    void aThousandRecordsAreAllowedAndOneMoreIsNot() {
        String thousand =
                Bodies.records(Stream.generate(Bodies::company).limit(1_000).toArray(String[]::new));
        String more =
                Bodies.records(Stream.generate(Bodies::company).limit(1_001).toArray(String[]::new));

        assertThat(CALLER.post(CREATE, thousand).json().get("results")).hasSize(1_000);
        assertThat(CALLER.post(CREATE, more).code()).isEqualTo("002");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a continuation byte alone", "80"),
                Arguments.of("a byte that never occurs", "ff"),
                Arguments.of("an overlong slash", "c0af"),
                Arguments.of("an overlong NUL", "c080"),
                Arguments.of("an overlong form of three bytes", "e08080"),
                Arguments.of("an encoded surrogate", "eda080"),
                Arguments.of("a pair of encoded surrogates", "eda080edb080"),
                Arguments.of("beyond U+10FFFF", "f4908080"),
                Arguments.of("a cut sequence", "e282"),
                Arguments.of("Latin-1", "e9"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isNotUtf8(String what, String hex) {
        byte[] before = "{\"records\":[{\"reference\":\"".getBytes(StandardCharsets.UTF_8);
        byte[] wrong = java.util.HexFormat.of().parseHex(hex);
        byte[] after = "\",\"company_name\":\"x\"}]}".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[before.length + wrong.length + after.length];
        System.arraycopy(before, 0, body, 0, before.length);
        System.arraycopy(wrong, 0, body, before.length, wrong.length);
        System.arraycopy(after, 0, body, before.length + wrong.length, after.length);

        assertRefused(CALLER.send("POST", CREATE, body, "Content-Type", "application/json"), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreRefused(String charset) {
        byte[] body = Bodies.records(Bodies.company()).getBytes(Charset.forName(charset));

        assertRefused(CALLER.send("POST", CREATE, body, "Content-Type", "application/json"), 400);
    }

    @Test
    void theReplacementCharacterIsACharacter() {
        String reference = "\uFFFD" + Bodies.reference();
        Reply reply =
                CALLER.post(CREATE, Bodies.records("{\"reference\":\"" + reference + "\",\"company_name\":\"x\"}"));

        assertThat(reply.at("/results/0/reference")).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/problem+json",
                "application/json; charset=iso-8859-1",
                "application/json; charset=utf-16",
                "application/json; charset=nonsense",
                "application/*",
                "json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x"
            })
    void anotherTypeIs415(String type) {
        byte[] body = Bodies.records(Bodies.company()).getBytes(StandardCharsets.UTF_8);

        assertRefused(CALLER.send("POST", CREATE, body, "Content-Type", type), 415);
    }

    @Test
    void noTypeIs415() {
        assertRefused(CALLER.send("POST", CREATE, "{}".getBytes(StandardCharsets.UTF_8)), 415);
        assertRefused(CALLER.send("POST", CREATE, null), 415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "application/json;charset=UTF-8",
                "application/json; charset=\"utf-8\"",
                "Application/JSON",
                "application/json; profile=x"
            })
    void theSameTypeInOtherWordsIsTaken(String type) {
        byte[] body = Bodies.records(Bodies.company()).getBytes(StandardCharsets.UTF_8);

        assertThat(CALLER.send("POST", CREATE, body, "Content-Type", type).status())
                .isEqualTo(200);
    }

    @Test
    void anEncodedBodyIs415() {
        assertRefused(CALLER.post(CREATE, Bodies.records(Bodies.company()), "Content-Encoding", "gzip"), 415);
        assertThat(CALLER.post(CREATE, Bodies.records(Bodies.company()), "Content-Encoding", "identity")
                        .status())
                .isEqualTo(200);
    }

    private static void assertRefused(Reply reply, int status) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo("002");
    }
}

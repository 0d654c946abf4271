package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {

    @TempDir
    private Path directory;

    @Test
    void blankLinesAreCountedAndPassedOver() throws IOException {
        assertThat(lines("{\"a\":1}\r\n\n \t\n{\"b\":2}"))
                .extracting(JsonLines.Line::number)
                .containsExactly(1L, 4L);
        assertThat(lines("")).isEmpty();
        assertThat(lines("\n\n")).isEmpty();
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws Exception {
        JsonLines.Line line = lines("\uFEFF{\"a\":1}\n").get(0);
        assertThat(line.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
        assertThat(line.offset()).isEqualTo(3);
    }

    @Test
    void linesAcrossReadsAreWholeAndCanBeReadAgain() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("{\"n\":")
                    .append(i)
                    .append(",\"x\":\"")
                    .append("ê".repeat(i * 37))
                    .append("\"}\n");
        }
        Path file = write(text.toString().getBytes(StandardCharsets.UTF_8));
        try (JsonLines lines = JsonLines.open(file)) {
            List<JsonLines.Line> all = new ArrayList<>();
            lines.forEach(line -> all.add(line));
            assertThat(all).hasSize(100);
            for (JsonLines.Line line : all) {
                assertThat(lines.reread(line.number(), line.offset(), line.bytes().length)
                                .bytes())
                        .isEqualTo(line.bytes())
                        .startsWith('{')
                        .endsWith('}');
            }
        }
    }

    @Test
    void aLineThatIsNotUtf8IsMalformed() throws IOException {
        Path file = write(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'});
        assertThatThrownBy(() -> only(file).parse())
                .isInstanceOf(JsonTree.Malformed.class)
                .hasMessage("is not UTF-8");
    }

    @Test
    void aLineOfAnyLengthIsReadInBoundedMemory() throws IOException {
        Path file = write(
                ("{\"x\":\"" + "x".repeat(3 * JsonLines.LINE_BYTES_MAX) + "\"}").getBytes(StandardCharsets.UTF_8));
        JsonLines.Line line = only(file);
        assertThat(line.bytes()).hasSize(JsonLines.LINE_BYTES_MAX + 1);
        assertThatThrownBy(line::parse)
                .isInstanceOf(JsonTree.Malformed.class)
                .hasMessage("is longer than 1048576 bytes");
    }

    @Test
    void noMoreLinesAreReadThanAreWanted() throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (JsonLines lines = JsonLines.open(write("{}\n{}\n{}\n".getBytes(StandardCharsets.UTF_8)))) {
            lines.forEach(line -> numbers.add(line.number()) && line.number() < 2);
        }
        assertThat(numbers).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}",
                "{\"a\":\"\uFFFD\",\"b\":[{}]}",
                "[1]",
                "7",
                "null",
                "\"text\"",
                "\"text",
                "{\"a\":1,\"a\":2}",
                "{\"b\":{\"a\":1,\"a\":2}}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\uD8\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":tru}",
                "{\"a\" 1}",
                "{\"a\":",
                "{\"a\":[1,}",
                "{\"a\":1}]",
                "{} {}",
                "{}x",
                "[1] x",
                "{\"a\":NaN}",
                "\u00a0{}",
            })
    void aLineIsCheckedAsItIsParsed(String text) throws IOException {
        JsonLines.Line line = lines(text).get(0);
        assertThat(fault(line::check)).isEqualTo(fault(line::parse));
    }

    private static String fault(ThrowingCallable reading) {
        Throwable thrown = catchThrowable(reading);
        return thrown == null ? "none" : String.valueOf(thrown.getMessage());
    }

    @Test
    void aFileThatBecameShorterIsNotReadForEver() throws IOException {
        Path file = write("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
        try (JsonLines lines = JsonLines.open(file)) {
            assertThatThrownBy(() -> lines.reread(1, 4, 100)).isInstanceOf(IOException.class);
        }
    }

    private static JsonLines.Line only(Path file) throws IOException {
        try (JsonLines lines = JsonLines.open(file)) {
            List<JsonLines.Line> all = new ArrayList<>();
            lines.forEach(line -> all.add(line));
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private List<JsonLines.Line> lines(String text) throws IOException {
        try (JsonLines lines = JsonLines.open(write(text.getBytes(StandardCharsets.UTF_8)))) {
            List<JsonLines.Line> all = new ArrayList<>();
            lines.forEach(line -> all.add(line));
            return all;
        }
    }

    private Path write(byte[] bytes) throws IOException {
        Path file = directory.resolve("lines.ndjson");
        Files.write(file, bytes);
        return file;
    }
}

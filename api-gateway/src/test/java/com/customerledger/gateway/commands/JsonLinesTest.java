package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            lines.forEach(all::add);
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
    void aFileThatBecameShorterIsNotReadForEver() throws IOException {
        Path file = write("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
        try (JsonLines lines = JsonLines.open(file)) {
            assertThatThrownBy(() -> lines.reread(1, 4, 100)).isInstanceOf(IOException.class);
        }
    }

    private static JsonLines.Line only(Path file) throws IOException {
        try (JsonLines lines = JsonLines.open(file)) {
            List<JsonLines.Line> all = new ArrayList<>();
            lines.forEach(all::add);
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private List<JsonLines.Line> lines(String text) throws IOException {
        try (JsonLines lines = JsonLines.open(write(text.getBytes(StandardCharsets.UTF_8)))) {
            List<JsonLines.Line> all = new ArrayList<>();
            lines.forEach(all::add);
            return all;
        }
    }

    private Path write(byte[] bytes) throws IOException {
        Path file = directory.resolve("lines.ndjson");
        Files.write(file, bytes);
        return file;
    }
}

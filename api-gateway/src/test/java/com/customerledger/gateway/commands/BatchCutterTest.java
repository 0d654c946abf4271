package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchCutterTest {

    @TempDir
    private Path directory;

    @Test
    void batchesHoldAsManyLinesAsTheyMay() {
        assertThat(cut(names(0, 25), 10, none()))
                .extracting(ImportBatch::records)
                .containsExactly(10, 10, 5);
        assertThat(cut(List.of(), 10, none())).isEmpty();
    }

    @Test
    void batchesHoldAsManyBytesAsTheyMay() {
        String large = "x".repeat(BatchCutter.BATCH_BYTES_MAX / 3);
        assertThat(cut(List.of(large, large, large, large, "small"), 10, none()))
                .extracting(ImportBatch::records)
                .containsExactly(2, 3);
    }

    @Test
    void aBatchIsTheLinesAsTheyStand() {
        ImportBatch batch =
                cut(List.of("{\"a\":1}", "{\"b\" : \"ê\"} "), 10, none()).get(0);
        assertThat(batch.body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"records\":[{\"a\":1},{\"b\" : \"ê\"} ]}");
        assertThat(batch.range()).hasToString("1 to 2");
    }

    /** The batches that were sent before, and that no change has touched, are cut again and known. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatStillStandsInTheFileIsKnownAgain(long seed) {
        Random random = new Random(seed);
        List<String> lines = names(0, 400);
        Set<String> sent = new HashSet<>();
        try (ImportJournal journal = journal()) {
            for (ImportBatch batch : cut(lines, 10, journal)) {
                if (random.nextInt(3) > 0) {
                    journal.sent(batch);
                    sent.add(text(batch));
                }
            }
        }
        List<String> mended = new ArrayList<>(lines);
        for (int i = 0; i < 6; i++) {
            int at = random.nextInt(mended.size());
            switch (random.nextInt(3)) {
                case 0 -> mended.set(at, "mended " + i);
                case 1 -> mended.remove(at);
                default -> mended.add(at, "new " + i);
            }
        }
        String whole = "," + String.join(",", mended) + ",";
        sent.removeIf(batch -> !whole.contains("," + batch + ","));

        List<ImportBatch> cut;
        try (ImportJournal journal = journal()) {
            cut = cut(mended, 1 + random.nextInt(20), journal);
        }
        assertThat(cut.stream().filter(batch -> batch.earlier() != null).map(BatchCutterTest::text))
                .hasSizeGreaterThan(5)
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    private static String text(ImportBatch batch) {
        String body = new String(batch.body(), StandardCharsets.UTF_8);
        return body.substring("{\"records\":[".length(), body.length() - "]}".length());
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line" + i).toList();
    }

    private List<ImportBatch> cut(List<String> lines, int recordsMax, ImportJournal journal) {
        List<ImportBatch> batches = new ArrayList<>();
        BatchCutter cutter = new BatchCutter(recordsMax, journal, batches::add);
        for (int i = 0; i < lines.size(); i++) {
            cutter.add(new JsonLines.Line(i + 1, 0, lines.get(i).getBytes(StandardCharsets.UTF_8)));
        }
        cutter.end();
        assertThat(batches.stream().mapToInt(ImportBatch::records).sum()).isEqualTo(lines.size());
        assertThat(String.join(",", batches.stream().map(BatchCutterTest::text).toList()))
                .isEqualTo(String.join(",", lines));
        assertThat(batches).extracting(ImportBatch::ordinal).isSorted().doesNotHaveDuplicates();
        return batches;
    }

    private ImportJournal none() {
        ImportJournal journal = journal();
        journal.close();
        return journal;
    }

    private ImportJournal journal() {
        return ImportJournal.open(directory.resolve("lines.ndjson"), "http://127.0.0.1:8080 key", problem -> {
            throw new AssertionError(problem);
        });
    }
}

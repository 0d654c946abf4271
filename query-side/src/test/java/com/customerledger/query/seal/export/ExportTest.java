package com.customerledger.query.seal.export;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.archived;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditProgress;
import com.customerledger.events.audit.AuditTrail;
import com.customerledger.events.audit.ExportRequest;
import com.customerledger.events.audit.ExportRequest.Format;
import com.customerledger.events.audit.ExportVerdict;
import com.customerledger.events.audit.Exported;
import com.customerledger.events.audit.SealAudit.Places;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.query.seal.SealedStore;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SigningKey;
import com.customerledger.query.seal.log.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportTest {

    private static final String OTHER = "mer_other";
    private static final String STRANGE =
            "Quotes \" and \"\", commas, \\ and \n lines,\r\ttabs, Ünïcode 🚀 \u2028 \u200f";

    /** Of the merchant's events that the test makes. */
    private static final long NEWEST = 15;

    @TempDir
    private static Path directory;

    private static SealedStore sealed;
    private static VerifierKey key;

    private final AuditTrail trail = AuditTrail.find();
    private final Silence progress = new Silence();

    private static final class Silence implements AuditProgress {

        private final List<String> works = new ArrayList<>();

        @Override
        public void begins(String work, long total) {
            works.add(work + " " + total);
        }

        @Override
        public void reached(long done) {}

        @Override
        public void say(String line) {}
    }

    @BeforeAll
    static void seal() {
        sealed = new SealedStore(directory);
        for (int i = 0; i < 5; i++) {
            String mine = "cus_mine" + i;
            sealed.store()
                    .append(
                            created(mine, START, "ref-" + i),
                            created(OTHER, "cus_other" + i, START.plusSeconds(i), "ref-" + i),
                            updated(mine, START.plusMillis(i), CustomerField.CITY_OR_TOWN, STRANGE + i));
            sealed.store().append(archived(mine, START.plusNanos(1_000L * i)));
        }
        key = sealed.key();
    }

    @AfterAll
    static void close() {
        sealed.close();
    }

    private static ExportRequest all(Format format) {
        return new ExportRequest(MERCHANT, null, null, format);
    }

    private Exported export(ExportRequest request, Path file) throws IOException {
        return trail.export(sealed.store().database(), sealed.files(), request, file, progress);
    }

    private String exported(ExportRequest request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        trail.export(sealed.store().database(), sealed.files(), request, out, progress);
        return out.toString(StandardCharsets.UTF_8);
    }

    private ExportVerdict verify(String text) throws IOException {
        return verify(text.getBytes(StandardCharsets.UTF_8));
    }

    private ExportVerdict verify(byte[] bytes) throws IOException {
        Path file = Files.createTempFile(directory, "verify", "");
        Files.write(file, bytes);
        return trail.verify(file, key.pem(), progress);
    }

    private static Path newFile() throws IOException {
        return Files.createTempDirectory(directory, "export").resolve("file");
    }

    @ParameterizedTest
    @EnumSource
    void anExportHoldsEveryEventOfTheMerchantAndVerifies(Format format) throws IOException {
        Path file = newFile();

        Exported exported = export(all(format), file);

        assertThat(exported).isEqualTo(new Exported(1, NEWEST, NEWEST, 20, NEWEST, false));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String text = Files.readString(file);
        assertThat(text).doesNotContain(OTHER).contains("Ünïcode 🚀");
        assertThat(text.lines()).hasSize((int) NEWEST + (format == Format.CSV ? 3 : 2));
        for (String given : List.of(key.pem(), key.text(), key.text() + "\n")) {
            ExportVerdict verdict = trail.verify(file, given, progress);
            assertThat(verdict.faults()).isEmpty();
            assertThat(verdict.isSound()).isTrue();
            assertThat(verdict.events()).isEqualTo(NEWEST);
            assertThat(verdict.summary()).contains("Events 1 to 15 of merchant mer_one", "at 20");
        }
        assertThat(progress.works).contains("exporting 15", "verifying 15");
    }

    @ParameterizedTest
    @EnumSource
    void aPartOfTheEventsIsSignedForAsAPart(Format format) throws IOException {
        String text = exported(new ExportRequest(MERCHANT, 4L, 9L, format));

        ExportVerdict verdict = verify(text);

        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.events()).isEqualTo(6);
        assertThat(text).contains("first 4\\nlast 9\\nnewest 15\\n");
    }

    @Test
    void aLastNumberBeyondTheNewestIsTheNewest() throws IOException {
        assertThat(exported(new ExportRequest(MERCHANT, 15L, 1_000L, Format.NDJSON)))
                .contains("first 15\\nlast 15\\nnewest 15\\n");
        assertThatThrownBy(() -> exported(new ExportRequest(MERCHANT, 16L, null, Format.NDJSON)))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("number 15");
        assertThatThrownBy(() -> exported(new ExportRequest("mer_nobody", null, null, Format.NDJSON)))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("no events");
    }

    @Test
    void aLineHasEveryColumnThatTheLeafCovers() throws IOException {
        assertThat(exported(all(Format.NDJSON)).lines().toList().get(2))
                .startsWith("{\"number\":2,\"leaf_index\":2,\"position\":")
                .contains(
                        "\"customer_id\":\"cus_mine0\",\"sequence\":1,\"type\":\"CustomerUpdated\",\"revision\":1,"
                                + "\"at\":\"2026-03-01T10:00:00.000001Z\",\"payload\":\"{\\\"",
                        "\",\"merchant\":\"mer_one\",\"proof\":[\"");
        assertThat(exported(all(Format.CSV)).lines().toList().get(1))
                .isEqualTo("number,leaf_index,position,event_id,customer_id,sequence,type,revision,at,payload,metadata,"
                        + "merchant,proof");
    }

    /** A changed digit or letter anywhere is found in its line, whatever it is part of. */
    @ParameterizedTest
    @EnumSource
    void aChangedCharacterAnywhereIsFoundInItsLine(Format format) throws IOException {
        byte[] sound = exported(new ExportRequest(MERCHANT, 2L, 4L, format)).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        long line = 1;
        for (int i = 0; i < sound.length; i++) {
            // All of them take too long; enough are looked at for each column of each line.
            if (random.nextInt(7) == 0 && sound[i] != '\n') {
                byte[] changed = sound.clone();
                changed[i] = (byte) (sound[i] == 'a' ? 'b' : 'a');
                ExportVerdict verdict = verify(changed);
                assertThat(verdict.isSound()).as("byte %d", i).isFalse();
                assertThat(verdict.faults())
                        .as("byte %d: %s", i, verdict.faults())
                        .anyMatch(startsWithLine(line));
            }
            line += sound[i] == '\n' ? 1 : 0;
        }
    }

    private static Predicate<String> startsWithLine(long line) {
        return fault -> fault.startsWith("line " + line + ": ");
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitAnywhereIsSeen(Format format) throws IOException {
        byte[] sound = exported(new ExportRequest(MERCHANT, 3L, 3L, format)).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(11);
        for (int i = 0; i < sound.length; i += 1 + random.nextInt(8)) {
            byte[] changed = sound.clone();
            changed[i] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            assertThat(verify(changed).isSound()).as("byte %d", i).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCutAnywhereIsSaid(Format format) throws IOException {
        byte[] sound = exported(new ExportRequest(MERCHANT, 2L, 4L, format)).getBytes(StandardCharsets.UTF_8);
        long line = 1;
        for (int length = 0; length < sound.length; length++) {
            if (length % 5 == 0 || length == sound.length - 1 || sound[length] == '\n') {
                ExportVerdict verdict = verify(Arrays.copyOf(sound, length));
                long last = length > 0 && sound[length - 1] == '\n' ? line - 1 : line;
                assertThat(verdict.isSound()).isFalse();
                assertThat(verdict.faults())
                        .as("%d bytes: %s", length, verdict.faults())
                        .anyMatch(startsWithLine(last));
                assertThat(String.join("\n", verdict.faults())).containsAnyOf("cut off", "empty", "first line");
            }
            line += sound[length] == '\n' ? 1 : 0;
        }
    }

    @ParameterizedTest
    @EnumSource
    void missingRepeatedAndSwappedLinesAreFound(Format format) throws IOException {
        List<String> lines = exported(all(format)).lines().toList();
        int at = format == Format.CSV ? 6 : 5;

        List<String> missing = new ArrayList<>(lines);
        missing.remove(at);
        assertThat(faults(missing)).anyMatch(fault -> fault.startsWith("line " + (at + 1) + ": it has the number 6"));

        List<String> repeated = new ArrayList<>(lines);
        repeated.add(at, lines.get(at));
        assertThat(faults(repeated)).anyMatch(fault -> fault.startsWith("line " + (at + 2) + ": it has the number 5"));

        List<String> swapped = new ArrayList<>(lines);
        swapped.set(at, lines.get(at + 1));
        swapped.set(at + 1, lines.get(at));
        assertThat(faults(swapped)).anyMatch(startsWithLine(at + 1)).anyMatch(startsWithLine(at + 2));

        List<String> withoutTheLast = new ArrayList<>(lines);
        withoutTheLast.remove(lines.size() - 2);
        assertThat(faults(withoutTheLast)).singleElement().asString().contains("end with the number 14");

        List<String> withoutTheFirst = new ArrayList<>(lines);
        withoutTheFirst.remove(format == Format.CSV ? 2 : 1);
        assertThat(faults(withoutTheFirst)).anyMatch(fault -> fault.contains("it has the number 2, and 1 is due"));

        List<String> more = new ArrayList<>(lines);
        more.add(lines.get(at));
        assertThat(faults(more)).anyMatch(fault -> fault.contains("stands behind the statement"));
    }

    private List<String> faults(List<String> lines) throws IOException {
        ExportVerdict verdict = verify(String.join("\n", lines) + "\n");
        assertThat(verdict.isSound()).isFalse();
        return verdict.faults();
    }

    /** Lines and statement are genuine, each by itself. */
    @Test
    void aStatementOfAnotherExportIsRefused() throws IOException {
        List<String> part = exported(new ExportRequest(MERCHANT, 1L, 5L, Format.NDJSON))
                .lines()
                .toList();
        List<String> whole = exported(all(Format.NDJSON)).lines().toList();

        List<String> mixed = new ArrayList<>(whole.subList(0, 6));
        mixed.add(part.get(part.size() - 1));
        assertThat(faults(mixed)).anyMatch(startsWithLine(1));

        List<String> shorter = new ArrayList<>(part.subList(0, 6));
        shorter.add(whole.get(whole.size() - 1));
        assertThat(faults(shorter)).anyMatch(startsWithLine(7));
    }

    @Test
    void anotherKeyIsRefused() throws IOException, MalformedException {
        Path file = newFile();
        export(all(Format.NDJSON), file);
        SigningKey another = SigningKey.generate(key.name());

        assertThat(trail.verify(file, another.verifierKey().pem(), progress).faults())
                .anyMatch(fault -> fault.startsWith("line 1: its head is not signed by the key"))
                .anyMatch(fault -> fault.startsWith("line 17: the statement is not signed by the key"));
        assertThat(trail.verify(
                                file,
                                SigningKey.generate("elsewhere").verifierKey().text(),
                                progress)
                        .faults())
                .singleElement()
                .asString()
                .startsWith("line 1: ")
                .contains("elsewhere");
        assertThatThrownBy(() -> trail.verify(file, "no key", progress)).isInstanceOf(AuditException.class);
    }

    @Test
    void whatIsNoExportIsSaidToBeNone() throws IOException {
        for (String text :
                List.of("", "\n", "hello\n", "{}\n", "{\"format\":\"else\"}\n", "\"\n\n", "{\"a\":[[]]}\n")) {
            assertThat(verify(text).faults()).as(text).anyMatch(startsWithLine(1));
        }
    }

    /** At every kind of place: within the header, the names, an event, a quoted line end, the statement, and between lines. */
    @ParameterizedTest
    @EnumSource
    void anExportGoesOnWhereverItWasCut(Format format) throws IOException {
        Path file = newFile();
        export(all(format), file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(3);
        for (int cut = 0; cut < whole.length; cut += 1 + random.nextInt(whole.length / 20)) {
            Files.write(file, Arrays.copyOf(whole, cut));

            Exported exported = export(all(format), file);

            assertThat(exported.finishedBefore()).isFalse();
            // The same head, so the same bytes; a file without a whole line may be begun under a newer head.
            assertThat(Files.readAllBytes(file)).as("cut at %d", cut).isEqualTo(whole);
        }
        Exported again = export(all(format), file);
        assertThat(again).isEqualTo(new Exported(1, NEWEST, NEWEST, 20, 0, true));
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void anExportThatGoesOnKeepsItsHead(@TempDir Path own) throws IOException {
        try (SealedStore growing = new SealedStore(own)) {
            growing.store().append(created("cus_a", START, "a"), created("cus_b", START, "b"));
            growing.awaitHead();
            Path file = own.resolve("export");
            ExportRequest request = all(Format.NDJSON);
            trail.export(growing.store().database(), growing.files(), request, file, progress);
            byte[] whole = Files.readAllBytes(file);
            growing.store().append(created("cus_c", START, "c"));
            growing.awaitHead();
            Files.write(file, Arrays.copyOf(whole, whole.length - 5));

            Exported exported = trail.export(growing.store().database(), growing.files(), request, file, progress);

            assertThat(exported).isEqualTo(new Exported(1, 2, 2, 2, 0, false));
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
            Path newer = own.resolve("newer");
            assertThat(trail.export(growing.store().database(), growing.files(), request, newer, progress))
                    .isEqualTo(new Exported(1, 3, 3, 3, 3, false));
        }
    }

    @Test
    void aFileOfAnotherRequestIsRefusedAndLeftAsItIs() throws IOException {
        Path file = newFile();
        export(all(Format.NDJSON), file);
        byte[] whole = Files.readAllBytes(file);
        for (byte[] there :
                List.of(whole, Arrays.copyOf(whole, whole.length / 2), "text".getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, there);
            for (ExportRequest other : List.of(
                    new ExportRequest(OTHER, null, null, Format.NDJSON),
                    new ExportRequest(MERCHANT, 1L, null, Format.NDJSON),
                    new ExportRequest(MERCHANT, null, 15L, Format.NDJSON),
                    all(Format.CSV))) {
                assertThatThrownBy(() -> export(other, file))
                        .isInstanceOf(AuditException.class)
                        .hasMessageContaining("another");
                assertThat(Files.readAllBytes(file)).isEqualTo(there);
            }
        }
    }

    @Test
    void aBeginningThatWasChangedIsNotGoneOnWith() throws IOException {
        Path file = newFile();
        export(all(Format.NDJSON), file);
        List<String> lines = new ArrayList<>(Files.readAllLines(file).subList(0, 8));
        lines.set(4, lines.get(4).replace("cus_mine1", "cus_mine2"));
        Files.writeString(file, String.join("\n", lines) + "\n");

        assertThatThrownBy(() -> export(all(Format.NDJSON), file))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("line 5");
    }

    @Test
    void twoExportsDoNotWriteToOneFile() throws IOException {
        Path file = newFile();
        try (ExportFile held = ExportFile.open(file)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> export(all(Format.NDJSON), file))
                    .isInstanceOf(AuditException.class)
                    .hasMessageContaining("Another export");
        }
    }

    @Test
    void withoutTheKeyNothingIsExported() throws IOException, MalformedException {
        Path missing = directory.resolve("missing.key");
        assertThatThrownBy(() -> trail.export(
                        sealed.store().database(),
                        new Places(directory, missing),
                        all(Format.NDJSON),
                        newFile(),
                        progress))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("missing");
        Path another = Files.writeString(
                directory.resolve("another.key"), SigningKey.generate("x").pem());
        assertThatThrownBy(() -> trail.export(
                        sealed.store().database(),
                        new Places(directory, another),
                        all(Format.NDJSON),
                        newFile(),
                        progress))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("not the key of this ledger");
    }

    @Test
    void anEventThatWasChangedInTheStoreIsNotExported(@TempDir Path own) throws IOException, SQLException {
        try (SealedStore attacked = new SealedStore(own)) {
            attacked.store().append(created("cus_a", START, "a"), created("cus_b", START, "b"));
            attacked.awaitHead();
            try (Connection owner = attacked.store().connectAsOwner();
                    Statement statement = owner.createStatement()) {
                statement.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
                statement.execute("UPDATE ledger.events SET occurred_at = '2999-01-01Z' WHERE aggregate_id = 'cus_b'");
            }
            Path file = own.resolve("export");
            assertThatThrownBy(() -> trail.export(
                            attacked.store().database(), attacked.files(), all(Format.NDJSON), file, progress))
                    .isInstanceOf(AuditException.class)
                    .hasMessageContaining("event 2 is not in the store as it was sealed");
        }
    }
}

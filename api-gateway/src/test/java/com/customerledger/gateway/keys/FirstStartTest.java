package com.customerledger.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.settings.DataDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start, and the one after a first start that was killed between two of its steps. */
class FirstStartTest {

    @TempDir
    private Path temporary;

    private GatewayDatabase gateway;
    private DataDirectory directory;
    private ByteArrayOutputStream printed;

    @BeforeEach
    void open() {
        gateway = new GatewayDatabase(TestDatabases.embedded());
        directory = new DataDirectory(temporary.resolve("data"));
        printed = new ByteArrayOutputStream();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private FirstStart start() {
        return new FirstStart(gateway, directory, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @Test
    void theFirstStartPrintsAKeyThatWorksAndWritesItToAFile() throws Exception {
        start().end();

        Credentials demo = inFile();
        assertWorks(demo);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).endsWith(demo.text());
    }

    @Test
    void onlyItsOwnerMayReadTheFile() throws IOException {
        start().end();

        Path file = directory.file(DataDirectory.DEMO_CREDENTIALS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).isEqualTo(inFile().text() + "\n");
        try (var files = Files.list(directory.path())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void theSecondStartPrintsNothingAndMakesNothing() throws Exception {
        start().end();
        Credentials demo = inFile();
        printed.reset();

        start().end();

        assertThat(printed.size()).isZero();
        assertThat(inFile()).isEqualTo(demo);
        assertThat(keys()).hasSize(1);
    }

    @Test
    void aStartThatWasKilledAfterItWroteTheFileIsMadeGood() throws Exception {
        Credentials written = start().credentials();

        start().end();

        assertThat(inFile()).isEqualTo(written);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).endsWith(written.text());
        assertWorks(written);
        assertThat(keys()).hasSize(1);
    }

    @Test
    void aStartThatWasKilledAfterItPrintedTheKeyIsMadeGoodWithThatKey() throws Exception {
        Credentials shown = start().credentials();
        start().announce(shown);

        start().end();

        assertThat(inFile()).isEqualTo(shown);
        assertWorks(shown);
    }

    @Test
    void aStartThatWasKilledWhileItWroteTheFileIsMadeGood() throws Exception {
        Files.createDirectories(directory.path());
        Files.writeString(directory.path().resolve("." + DataDirectory.DEMO_CREDENTIALS + ".new"), "key_half");

        start().end();

        assertWorks(inFile());
    }

    @Test
    void aFileThatHoldsSomethingElseIsReplaced() throws Exception {
        directory.write(DataDirectory.DEMO_CREDENTIALS, "guess:me");

        start().end();

        assertWorks(inFile());
    }

    @Test
    void aFileThatItsOwnerRemovedStaysRemoved() throws Exception {
        start().end();
        Files.delete(directory.file(DataDirectory.DEMO_CREDENTIALS));

        start().end();

        assertThat(directory.read(DataDirectory.DEMO_CREDENTIALS)).isEmpty();
        assertThat(keys()).hasSize(1);
    }

    @Test
    void keysThatWereMadeBeforeTheFirstStartDoNotStandInItsWay() throws Exception {
        new KeyRegister(gateway).create("acme", "k", Kind.READ_ONLY, null);
        new KeyRegister(gateway).create(FirstStart.MERCHANT, "k", Kind.READ_ONLY, null);

        start().end();

        assertWorks(inFile());
        assertThat(keys()).extracting(ListedKey::merchant).containsExactly("acme", "demo", "demo");
    }

    private List<ListedKey> keys() {
        return new KeyRegister(gateway).list();
    }

    private Credentials inFile() {
        return Credentials.parse(directory.read(DataDirectory.DEMO_CREDENTIALS).orElseThrow())
                .orElseThrow();
    }

    private void assertWorks(Credentials credentials) throws InvalidKeyException {
        ApiKey key = new ApiKeys(gateway).authenticate(credentials.key(), credentials.secret());
        assertThat(key.kind()).isEqualTo(Kind.READ_WRITE);
    }
}

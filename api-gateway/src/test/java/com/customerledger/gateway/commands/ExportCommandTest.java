package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/** Exports of a ledger that runs, and what an auditor does with them. */
class ExportCommandTest {

    private static final List<String> SETTINGS = List.of(
            "ledger.data-dir",
            "ledger.database.url",
            "ledger.database.user",
            "ledger.database.password",
            "ledger.database.owner-user",
            "ledger.database.owner-password");

    @TempDir
    private static Path directory;

    @BeforeAll
    static void store() {
        Environment settings = TestServer.shared().bean(Environment.class);
        SETTINGS.forEach(name -> System.setProperty(name, settings.getRequiredProperty(name)));
        TestServer.Caller caller = TestServer.shared().key("Åudited & Sons", Kind.READ_WRITE);
        for (int i = 0; i < 12; i++) {
            assertThat(caller.post("/customers/create", """
                            {"records":[{"reference":"a%1$d","company_name":"Ünïcode 🚀, \\"quoted\\"\\n%1$d"}]}
                            """.formatted(i)).status())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    static void leave() {
        SETTINGS.forEach(System::clearProperty);
    }

    private static CommandRun export(Path file, String... more) {
        return CommandRun.of(Stream.concat(
                        Stream.of("export", "--merchant", "Åudited & Sons", "--output", file.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static CommandRun verify(Path file, Path key) {
        return CommandRun.of("verify", "--offline", file.toString(), "--key", key.toString());
    }

    /** The public key, without any code of ours. */
    private static Path publicKey() throws Exception {
        Path file = Path.of(TestServer.shared().bean(Environment.class).getRequiredProperty("ledger.data-dir"))
                .resolve("seal.key");
        byte[] pkcs8 = Base64.getMimeDecoder().decode(Files.readString(file).replaceAll("-----[A-Z ]+-----", ""));
        PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
        KeyPairGenerator again = KeyPairGenerator.getInstance("Ed25519");
        again.initialize(255, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        PublicKey publicKey = again.generateKeyPair().getPublic();
        return Files.writeString(
                directory.resolve("pub.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(publicKey.getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ndjson", "csv"})
    void whatIsExportedVerifiesWithThePublicKeyAlone(String format) throws Exception {
        Path file = directory.resolve("whole." + format);

        CommandRun exported = export(file, "--format", format);

        assertThat(exported.exitCode()).as(exported.toString()).isZero();
        assertThat(exported.out())
                .startsWith("Events 1 to 12 of 12 under the head at ")
                .contains("12 written");
        CommandRun verified = verify(file, publicKey());
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertThat(verified.out()).contains("Events 1 to 12 of merchant mer_", "12 events in ");
        assertThat(verified.out().stripTrailing())
                .endsWith("INTACT: every event is as it was sealed, and none is missing");

        CommandRun again = export(file, "--format", format);
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("finished already");
    }

    @Test
    void aPartThatWasCutOffIsGoneOnWith() throws Exception {
        Path file = directory.resolve("part");
        export(file, "--from", "3", "--to", "9");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));

        CommandRun cut = verify(file, publicKey());
        assertThat(cut.exitCode()).isEqualTo(1);
        assertThat(cut.out()).contains("cut off").contains("BROKEN: ");

        CommandRun exported = export(file, "--from", "3", "--to", "9");
        assertThat(exported.exitCode()).as(exported.toString()).isZero();
        assertThat(exported.out()).startsWith("Events 3 to 9 of 12");
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        assertThat(verify(file, publicKey()).exitCode()).isZero();
    }

    @Test
    void aChangedLineIsNamed() throws Exception {
        Path file = directory.resolve("changed");
        export(file);
        List<String> lines = Files.readAllLines(file);
        lines.set(6, lines.get(6).replace("Ünïcode", "Unicode"));
        Files.write(file, lines);

        CommandRun verified = verify(file, publicKey());

        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out().lines().toList().get(0))
                .isEqualTo("line 7: its event, number 6, is not the one that was sealed");
        assertThat(verified.out().stripTrailing()).endsWith("BROKEN: 1 findings");
    }

    @Test
    void whatCanNotBeExportedIsSaidInALine() throws IOException {
        Path file = directory.resolve("refused");
        assertFailure(
                CommandRun.of("export", "--merchant", "nobody", "--output", file.toString()), "no merchant nobody");
        assertFailure(export(file, "--from", "13"), "number 12");
        Files.writeString(file, "text");
        assertFailure(export(file), "another");
        assertThat(Files.readString(file)).isEqualTo("text");
    }

    @Test
    void whatIsNoKeyIsSaidInALine() throws IOException {
        Path file = directory.resolve("keyless");
        export(file);
        Path noKey = Files.writeString(directory.resolve("no.pem"), "Ünïcode", StandardCharsets.ISO_8859_1);
        assertFailure(verify(file, noKey), "The key can't be read");
    }

    private static void assertFailure(CommandRun run, String message) {
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export",
                "export --merchant a --from 0",
                "export --merchant a --from 5 --to 4",
                "export --merchant a --from many",
                "export --merchant a --format xml",
                "verify --offline nowhere --key nowhere",
                "verify --offline pom.xml",
                "verify --offline pom.xml --key nowhere",
                "verify --offline pom.xml --key pom.xml --checkpoint pom.xml",
            })
    void wrongUsageIsSaidWithHelpAndExitCodeTwo(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: ledger");
    }
}

package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyRegister;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample goes through the whole application and its database, and comes back as it was sent. */
class SampleOnTheLedgerTest {

    private static final String FIRST = """
            {"reference":"CLN-first","company_name":"Not in the sample"}
            """;

    @TempDir
    private Path directory;

    private final TestServer server = TestServer.shared();
    private Path sample;

    @BeforeEach
    void makeKey() throws IOException {
        sample = Files.copy(
                GeneratedCustomersTest.samples().resolve("customers.ndjson"), directory.resolve("customers.ndjson"));
        String credentials = server.bean(KeyRegister.class)
                .create("merchant of " + directory.getFileName(), "importer", Kind.READ_WRITE, null)
                .text();
        Files.writeString(directory.resolve("importer.credentials"), credentials);
    }

    @Test
    void everyCustomerOfTheSampleComesBack() throws IOException {
        assertThat(run("import", "--batch", "400", sample.toString()).out()).startsWith("1,000 customers stored");

        CommandRun whole = run("compare", "--exact", sample.toString());
        assertThat(whole.out())
                .isEqualToNormalizingNewlines(
                        "1,000 in the file, 1,000 listed: 1,000 equal, 0 different, 0 missing, 0 listed again, 0 not in the file\n");
        assertThat(whole.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = 300)
    void pagesHoldThemToo(int page) throws IOException {
        run("import", sample.toString());

        CommandRun paged = run("compare", "--exact", "--page", String.valueOf(page), sample.toString());
        assertThat(paged.out()).contains("1,000 listed: 1,000 equal");
        assertThat(paged.exitCode()).isZero();
    }

    @Test
    void anImportThatIsRepeatedStoresNothingTwice() throws IOException {
        Path beginning = directory.resolve("beginning.ndjson");
        Files.write(beginning, Files.readAllLines(sample).subList(0, 600));
        run("import", "--batch", "200", beginning.toString());

        CommandRun again = run("import", "--batch", "200", sample.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).startsWith("1,000 customers stored").contains("600 of them by an earlier import");
        assertThat(run("compare", "--exact", sample.toString()).exitCode()).isZero();
    }

    @Test
    void aRefusedBatchNamesTheLineAndLeavesNothing() throws IOException {
        Path file = directory.resolve("bad.ndjson");
        Files.writeString(file, FIRST + "\n{\"reference\":\"CLN-second\",\"email\":\"no address\"}\n");

        CommandRun refused = run("import", file.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("Line 3, email: ").contains("Line 3, company_name: ");
        assertThat(run("compare", file.toString()).out()).contains("2 in the file, 0 listed", "2 missing");
    }

    private CommandRun run(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = "http://127.0.0.1:" + server.port();
        all[arguments.length + 2] = "--credentials";
        all[arguments.length + 3] = directory.resolve("importer.credentials").toString();
        return CommandRun.of(all);
    }
}

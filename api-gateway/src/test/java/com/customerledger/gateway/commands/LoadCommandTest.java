package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadCommandTest {

    @TempDir
    private Path directory;

    private FakeLedger ledger;

    @BeforeEach
    void startLedger() throws IOException {
        ledger = new FakeLedger();
    }

    @AfterEach
    void stopLedger() {
        ledger.close();
    }

    @Test
    void everyLineIsStoredInBatches() throws IOException {
        CommandRun run = load(file(customers(1, 25)), "--batch", "10");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("25 customers stored in ");
        assertThat(ledger.stored()).isEqualTo(25);
        assertThat(ledger.requests()).hasSize(3);
    }

    @Test
    void anInterruptedLoadIsRepeatedWithoutDuplicates() throws IOException {
        Path file = file(customers(1, 25));
        ledger.next(FakeLedger.busy(500, "0"));
        assertThat(load(file, "--batch", "10").exitCode()).isEqualTo(1);
        ledger.next(ledger.answerLost(), FakeLedger.NO_ANSWER);
        CommandRun again = load(file, "--batch", "10", "--attempts", "1");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("given up after 1 attempt", "0 customers stored before line 1");
        CommandRun last = load(file, "--batch", "10");
        assertThat(last.exitCode()).isZero();
        assertThat(last.out()).contains("10 of them by an earlier load");
        assertThat(ledger.stored()).isEqualTo(25);
    }

    @Test
    void batchesBeforeAMendedLineAreNotStoredAgain() throws IOException {
        String before = customers(1, 10);
        String bad = "{\"reference\":\"R11\",\"email\":\"not an e-mail\"}\n";
        CommandRun refused = load(file(before + bad + customers(12, 20)), "--batch", "5");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Line 11, email: must be a valid e-mail address (email)")
                .contains("Lines 11 to 15 were refused: HTTP 422, code 005, Validation failed")
                .contains("10 customers stored before them");
        assertThat(ledger.stored()).isEqualTo(10);

        CommandRun mended = load(file(before + customers(11, 20)), "--batch", "5");
        assertThat(mended.exitCode()).isZero();
        assertThat(ledger.stored()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504, 409})
    void aServerThatAsksForPatienceIsAskedAgain(int status) throws IOException {
        ledger.next(FakeLedger.busy(status, "0"));
        CommandRun run = load(file(customers(1, 3)));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("HTTP " + status).contains("attempt 2 of 10");
        assertThat(ledger.stored()).isEqualTo(3);
    }

    @Test
    void aLostAnswerIsAskedForAgain() throws IOException {
        ledger.next(ledger.answerLost());
        CommandRun run = load(file(customers(1, 3)));
        assertThat(run.exitCode()).isZero();
        assertThat(ledger.requests()).hasSize(2);
        assertThat(ledger.stored()).isEqualTo(3);
    }

    @Test
    void everyBadLineIsNamedAndNothingIsSent() throws IOException {
        CommandRun run = load(file(customers(1, 2) + "\n{\"reference\":\n[1]\n{\"a\":1,\"a\":2}\n{} {}\n"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("Line 4 ")
                .contains("Line 5 is not a JSON object")
                .contains("Line 6 ")
                .contains("Line 7 goes on after the value's end")
                .contains("4 of 6 lines are not records; nothing was sent");
        assertThat(ledger.requests()).isEmpty();
    }

    @Test
    void aReferenceInUseIsExplained() throws IOException {
        load(file(customers(1, 3)));
        CommandRun run = load(file(customers(3, 4)));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("HTTP 409, code 008, Conflict").contains("./ledger compare");
    }

    @Test
    void aWrongKeyIsRefused() throws IOException {
        Path credentials = directory.resolve("other.credentials");
        Files.writeString(credentials, "key:wrong");
        CommandRun run = CommandRun.of(
                "load",
                file(customers(1, 1)).toString(),
                "--url",
                ledger.url().toString(),
                "--credentials",
                credentials.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("HTTP 401, code 001, Invalid API key").doesNotContain("wrong");
    }

    @Test
    void anEmptyFileIsLoadedAtOnce() throws IOException {
        CommandRun run = load(file("\n"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("0 customers stored");
    }

    @Test
    void wrongUsageEndsWithTwo() throws IOException {
        Path file = file(customers(1, 1));
        assertThat(load(file, "--batch", "0").exitCode()).isEqualTo(2);
        assertThat(load(file, "--attempts", "0").exitCode()).isEqualTo(2);
        assertThat(load(directory).err()).contains("is not a regular file");
        assertThat(load(directory.resolve("none")).err()).contains("does not exist");
        CommandRun noCredentials = CommandRun.of(
                "load",
                file.toString(),
                "--credentials",
                directory.resolve("none").toString());
        assertThat(noCredentials.exitCode()).isEqualTo(2);
        assertThat(noCredentials.err()).contains("There is no file");
        assertThat(CommandRun.of("load", file.toString(), "--url", "ftp://127.0.0.1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of("load").exitCode()).isEqualTo(2);
        assertThat(ledger.requests()).isEmpty();
    }

    private CommandRun load(Path file, String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "load";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return CommandRun.against(ledger, directory, arguments);
    }

    private Path file(String text) throws IOException {
        Path file = directory.resolve("customers.ndjson");
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return file;
    }

    private static String customers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> "{\"reference\":\"R" + number + "\",\"company_name\":\"C\"}\n")
                .collect(Collectors.joining());
    }
}

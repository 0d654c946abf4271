package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
        CommandRun run = importing(file(customers(1, 25)), "--batch", "10");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .matches(
                        "25 customers stored in [0-9.]+ s \\([0-9,]+/s\\), views caught up after [0-9.]+ s \\([0-9,]+/s\\)\\R");
        assertThat(ledger.stored()).isEqualTo(25);
        assertThat(posts()).isEqualTo(3);
    }

    @Test
    void anInterruptedImportIsRepeatedWithoutDuplicates() throws IOException {
        Path file = file(customers(1, 25));
        ledger.next(FakeLedger.busy(500, "0"));
        assertThat(importing(file, "--batch", "10", "--connections", "1").exitCode())
                .isEqualTo(1);
        ledger.next(ledger.answerLost(), FakeLedger.NO_ANSWER);
        CommandRun again = importing(file, "--batch", "10", "--connections", "1", "--attempts", "1");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("given up after 1 attempt", "0 customers stored before line 1");
        CommandRun last = importing(file, "--batch", "10");
        assertThat(last.exitCode()).isZero();
        assertThat(last.out()).contains("10 of them by an earlier import");
        assertThat(ledger.stored()).isEqualTo(25);
    }

    @Test
    void batchesBeforeAMendedLineAreNotStoredAgain() throws IOException {
        String before = customers(1, 10);
        String bad = "{\"reference\":\"R11\",\"email\":\"not an e-mail\"}\n";
        CommandRun refused = importing(file(before + bad + customers(12, 20)), "--batch", "5", "--connections", "1");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Line 11, email: must be a valid e-mail address (email)")
                .contains("Lines 11 to 15 were refused: HTTP 422, code 005, Validation failed")
                .contains("10 customers stored before them, nothing of them or after them");
        assertThat(ledger.stored()).isEqualTo(10);

        CommandRun mended = importing(file(before + customers(11, 20)), "--batch", "5");
        assertThat(mended.exitCode()).isZero();
        assertThat(ledger.stored()).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504, 409})
    void aServerThatAsksForPatienceIsAskedAgain(int status) throws IOException {
        ledger.next(FakeLedger.busy(status, "0"));
        CommandRun run = importing(file(customers(1, 3)));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("HTTP " + status).contains("attempt 2 of 10");
        assertThat(ledger.stored()).isEqualTo(3);
    }

    @Test
    void aLostAnswerIsAskedForAgain() throws IOException {
        ledger.next(ledger.answerLost());
        CommandRun run = importing(file(customers(1, 3)));
        assertThat(run.exitCode()).isZero();
        assertThat(posts()).isEqualTo(2);
        assertThat(ledger.stored()).isEqualTo(3);
    }

    @Test
    void everyBadLineIsNamedAndNothingIsSent() throws IOException {
        CommandRun run = importing(file(customers(1, 2) + "\n{\"reference\":\n[1]\n{\"a\":1,\"a\":2}\n{} {}\n"));
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
        importing(file(customers(1, 3)));
        CommandRun run = importing(file(customers(3, 4)));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("HTTP 409, code 008, Conflict").contains("./ledger compare");
    }

    @Test
    void aWrongKeyIsRefused() throws IOException {
        Path credentials = directory.resolve("other.credentials");
        Files.writeString(credentials, "key:wrong");
        CommandRun run = CommandRun.of(
                "import",
                file(customers(1, 1)).toString(),
                "--url",
                ledger.url().toString(),
                "--credentials",
                credentials.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("HTTP 401, code 001, Invalid API key").doesNotContain("wrong");
    }

    @Test
    void anEmptyFileIsImportedAtOnce() throws IOException {
        CommandRun run = importing(file("\n"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("0 customers stored");
    }

    @Test
    void wrongUsageEndsWithTwo() throws IOException {
        Path file = file(customers(1, 1));
        assertThat(importing(file, "--batch", "0").exitCode()).isEqualTo(2);
        assertThat(importing(file, "--connections", "0").exitCode()).isEqualTo(2);
        assertThat(importing(file, "--connections", "65").err()).contains("--connections takes a number from 1 to 64");
        assertThat(importing(file, "--attempts", "0").exitCode()).isEqualTo(2);
        assertThat(importing(directory).err()).contains("is not a regular file");
        assertThat(importing(directory.resolve("none")).err()).contains("does not exist");
        CommandRun noCredentials = CommandRun.of(
                "import",
                file.toString(),
                "--credentials",
                directory.resolve("none").toString());
        assertThat(noCredentials.exitCode()).isEqualTo(2);
        assertThat(noCredentials.err()).contains("There is no file");
        assertThat(CommandRun.of("import", file.toString(), "--url", "ftp://127.0.0.1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of("import").exitCode()).isEqualTo(2);
        assertThat(ledger.requests()).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsNamedAndNothingIsSent() throws IOException {
        String huge = "{\"reference\":\"R2\",\"company_name\":\"" + "x".repeat(JsonLines.LINE_BYTES_MAX) + "\"}\n";
        CommandRun run = importing(file(customers(1, 1) + huge + customers(3, 3)));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("Line 2 is longer than 1048576 bytes", "1 of 3 lines are not records; nothing was sent");
        assertThat(ledger.requests()).isEmpty();
        assertThat(journal()).doesNotExist();
    }

    @Test
    void severalBatchesAreUnderWayAtOnce() throws IOException {
        ledger.hold("R1", 10);
        CommandRun run = importing(file(customers(1, 15)), "--batch", "5", "--connections", "2");
        assertThat(run.exitCode()).isZero();
        assertThat(ledger.stored()).isEqualTo(15);
        assertThat(journal()).doesNotExist();
    }

    @Test
    void whatIsStoredBehindARefusedBatchIsToldAndKnownAgainHoweverTheFileIsMended() throws IOException {
        String bad = "{\"reference\":\"R7\",\"email\":\"not an e-mail\"}\n";
        ledger.hold("R1", 5);
        ledger.hold("R7", 10);
        String[] options = {"--batch", "5", "--connections", "3"};
        CommandRun refused = importing(file(customers(1, 6) + bad + customers(8, 15)), options);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Line 7, email: must be a valid e-mail address (email)")
                .contains("Lines 6 to 10 were refused: HTTP 422, code 005, Validation failed")
                .contains(
                        "5 customers stored before them, nothing of them; after them lines 11 to 15, and nothing else");
        assertThat(ledger.stored()).isEqualTo(10);

        CommandRun again = importing(file(customers(1, 6) + bad + customers(8, 15)), options);
        assertThat(again.err())
                .contains(
                        "5 customers stored before them, nothing of them; after them lines 11 to 15, and nothing else");

        CommandRun mended = importing(file(customers(1, 6) + customers(8, 15)), options);
        assertThat(mended.err()).isEmpty();
        assertThat(mended.exitCode()).isZero();
        assertThat(mended.out()).startsWith("14 customers stored").contains("10 of them by an earlier import");
        assertThat(ledger.stored()).isEqualTo(14);
        assertThat(journal()).doesNotExist();
    }

    @Test
    void theFirstRefusedBatchIsToldWhicheverIsAnsweredFirst() throws IOException {
        String bad = "{\"reference\":\"R%d\",\"email\":\"not an e-mail\"}\n";
        ledger.hold("R2", 1);
        CommandRun refused = importing(
                file(bad.formatted(2) + bad.formatted(3) + customers(4, 4)), "--batch", "1", "--connections", "3");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Line 1, email: ", "Lines 1 to 1 were refused: HTTP 422")
                .doesNotContain("Line 2, email");
        assertThat(refused.err()).contains("0 customers stored before them, nothing of them; after them lines 3 to 3");
    }

    @Test
    void whatIsStoredIsKnownForLongerThanTheLedgerKeepsKeys() throws IOException {
        Path file = file(customers(1, 25));
        ledger.next(ledger.noTrouble(), ledger.noTrouble(), FakeLedger.busy(500, "0"));
        assertThat(importing(file, "--batch", "10", "--connections", "1").exitCode())
                .isEqualTo(1);
        ledger.forgetKeys();
        CommandRun again = importing(file, "--batch", "3");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).startsWith("25 customers stored").contains("20 of them by an earlier import");
        assertThat(ledger.stored()).isEqualTo(25);
    }

    @Test
    void aBatchWhoseAnswerWasLostIsKnownForLongerToo() throws IOException {
        Path file = file(customers(1, 25));
        ledger.next(ledger.answerLost(), FakeLedger.NO_ANSWER);
        assertThat(importing(file, "--batch", "10", "--connections", "1", "--attempts", "1")
                        .exitCode())
                .isEqualTo(1);
        ledger.forgetKeys();
        CommandRun again = importing(file, "--batch", "10");
        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("Lines 1 to 10 were sent by an earlier import that had no answer");
        assertThat(again.out()).contains("10 of them by an earlier import");
        assertThat(ledger.stored()).isEqualTo(25);
    }

    @Test
    void whatOneLedgerHasStoredSaysNothingAboutAnother() throws IOException {
        Path file = file(customers(1, 25));
        ledger.next(ledger.noTrouble(), FakeLedger.busy(500, "0"));
        assertThat(importing(file, "--batch", "10", "--connections", "1").exitCode())
                .isEqualTo(1);
        try (FakeLedger other = new FakeLedger()) {
            CommandRun run = CommandRun.against(other, directory, "import", file.toString());
            assertThat(run.out()).doesNotContain("earlier");
            assertThat(other.stored()).isEqualTo(25);
        }
        assertThat(journal()).exists();
    }

    @Test
    void aTornLineOfTheJournalCountsAsNeverWritten() throws IOException {
        Path file = file(customers(1, 25));
        ledger.next(ledger.noTrouble(), ledger.noTrouble(), FakeLedger.busy(500, "0"));
        assertThat(importing(file, "--batch", "10", "--connections", "1").exitCode())
                .isEqualTo(1);
        String written = Files.readString(journal());
        Files.writeString(journal(), written.substring(0, written.lastIndexOf("stored") + 20));
        CommandRun again = importing(file, "--batch", "10", "--connections", "1", "--attempts", "1");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("20 of them by an earlier import");
        assertThat(ledger.stored()).isEqualTo(25);
    }

    @Test
    void theJournalHoldsNothingOfTheCustomers() throws IOException {
        ledger.next(ledger.noTrouble(), FakeLedger.busy(500, "0"));
        importing(file(customers(1, 25)), "--batch", "10", "--connections", "1");
        assertThat(Files.readString(journal()))
                .startsWith("customer-ledger-import 1 " + ledger.url() + " key\n")
                .matches("[^\n]*\n((sent [0-9a-f]{64} [0-9]+ [0-9a-f]{8}|stored [0-9a-f]{64})\n){3}");
    }

    @Test
    void anImportGoesOnWithoutAJournal() throws IOException {
        Path file = file(customers(1, 25));
        Files.createDirectory(journal());
        ledger.next(ledger.noTrouble(), FakeLedger.busy(500, "0"));
        CommandRun run = importing(file, "--batch", "10", "--connections", "1");
        assertThat(run.err()).contains("can't be written", "repeat it within 24 hours");
        CommandRun again = importing(file, "--batch", "10");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("10 of them by an earlier import");
        assertThat(ledger.stored()).isEqualTo(25);
    }

    @Test
    void theSameImportRunsOnceAndACopyOfTheFileStoresNothingTwice() throws Exception {
        Path file = file(customers(1, 10));
        Path copy = Files.copy(
                file, Files.createDirectory(directory.resolve("copy")).resolve("customers.ndjson"));
        ledger.hold("R1", Integer.MAX_VALUE);
        CompletableFuture<CommandRun> first = inTheBackground(file, "--batch", "5", "--connections", "1");
        await().until(() -> posts() == 1);
        CommandRun second = importing(file, "--batch", "5");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("Another import of this file into this ledger is running");
        CompletableFuture<CommandRun> third = inTheBackground(copy, "--batch", "5", "--connections", "2");
        await().until(() -> ledger.stored() == 5);
        ledger.release();
        assertThat(first.get().exitCode()).isZero();
        assertThat(third.get().exitCode()).isZero();
        assertThat(ledger.stored()).isEqualTo(10);
        assertThat(journal()).doesNotExist();
    }

    @Test
    void aKilledImportGoesOnWhereItWas() throws Exception {
        Path file = file(customers(1, 30));
        ledger.hold("R11", Integer.MAX_VALUE);
        Path credentials = directory.resolve("demo.credentials");
        Files.writeString(credentials, FakeLedger.CREDENTIALS);
        CommandRun.inAProcess(
                directory.resolve("import.log"),
                process -> {
                    await().atMost(PATIENCE).until(() -> !process.isAlive() || ledger.stored() == 25);
                    assertThat(process.isAlive()).isTrue();
                    process.destroyForcibly().waitFor();
                },
                List.of(
                        "import",
                        file.toString(),
                        "--batch",
                        "5",
                        "--url",
                        ledger.url().toString(),
                        "--credentials",
                        credentials.toString()));
        // The batch that is held was sent, so the ledger goes on with it, as if nobody had been killed.
        ledger.release();
        await().until(() -> ledger.stored() == 30);
        ledger.forgetKeys();
        CommandRun again = importing(file, "--batch", "10");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).startsWith("30 customers stored").contains("30 of them by an earlier import");
        assertThat(again.err()).contains("Lines 11 to 15 were sent by an earlier import that had no answer");
        assertThat(ledger.stored()).isEqualTo(30);
        assertThat(journal()).doesNotExist();
    }

    @Test
    void aLedgerThatFailsIsToldWithWhatIsStored() throws IOException {
        ledger.hold("R1", 5);
        ledger.lose("R11");
        ledger.lose("R16");
        CommandRun run = importing(file(customers(1, 20)), "--batch", "5", "--connections", "2", "--attempts", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("given up after 1 attempt. 10 customers stored before line 11")
                .contains("repeat the command to go on from there");
        ledger.release();
        assertThat(importing(file(customers(1, 20)), "--batch", "5").out()).startsWith("20 customers stored");
        assertThat(ledger.stored()).isEqualTo(20);
    }

    @Test
    void theViewsAreWaitedFor() throws IOException {
        ledger.next(ledger.noTrouble(), FakeLedger.busy(503, "1"), FakeLedger.busy(503, "1"));
        CommandRun run = importing(file(customers(1, 3)));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("views caught up after");
        assertThat(ledger.requests())
                .containsExactly(
                        "POST /customers/create",
                        "GET /customers/list?limit=1",
                        "GET /customers/list?limit=1",
                        "GET /customers/list?limit=1",
                        "GET /customers/statistics",
                        "GET /events?after=0&limit=1");
    }

    @Test
    void thatTheViewsCanNotBeSeenIsNoFault() throws IOException {
        ledger.next(ledger.noTrouble(), FakeLedger.busy(500, "0"));
        CommandRun run = importing(file(customers(1, 3)));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("All is stored, but whether it can be read is not known: HTTP 500");
        assertThat(run.out()).startsWith("3 customers stored").doesNotContain("views");
    }

    /** In a thread of its own: from Java 25 on the common pool is taken even where it has a single thread. */
    private CompletableFuture<CommandRun> inTheBackground(Path file, String... options) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return importing(file, options);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                background -> new Thread(background).start());
    }

    private long posts() {
        return ledger.requests().stream()
                .filter(request -> request.startsWith("POST "))
                .count();
    }

    private Path journal() {
        return ImportJournal.pathOf(directory.resolve("customers.ndjson"), ledger.url() + " key");
    }

    private CommandRun importing(Path file, String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "import";
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

package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyRegister;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports that are killed, lose their ledger or meet each other, on the whole application and its database. */
class ImportOnTheLedgerTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CUSTOMERS = 6_000;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("customers.ndjson");
        Files.write(file, customers());
    }

    private static List<String> customers() {
        return IntStream.rangeClosed(1, CUSTOMERS)
                .mapToObj(i -> "{\"reference\":\"R%d\",\"company_name\":\"Company %d\",\"metadata\":{\"n\":%d.0}}"
                        .formatted(i, i, i))
                .toList();
    }

    @Test
    void anImportThatIsKilledGoesOnWhereItWas() throws Exception {
        TestServer server = TestServer.shared();
        makeKey(server);
        CommandRun.inAProcess(
                directory.resolve("import.log"),
                process -> {
                    awaitStored(3);
                    process.destroyForcibly().waitFor();
                },
                List.of(arguments(server.port(), "import", "--batch", "100", file.toString())));
        CommandRun again = run(server.port(), "import", file.toString());
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).startsWith("6,000 customers stored").contains("of them by an earlier import");
        assertEqual(server.port());
    }

    @Test
    void anImportOutlivesItsLedgersRestart() throws Exception {
        DatabaseAccess database = TestPostgres.newDatabase();
        Map<String, String> settings = Map.of(
                "ledger.data-dir",
                        Files.createDirectory(directory.resolve("data")).toString(),
                "ledger.database.url", database.jdbcUrl(),
                "ledger.database.user", database.application().user(),
                "ledger.database.password", database.application().password(),
                "ledger.database.owner-user", database.owner().user(),
                "ledger.database.owner-password", database.owner().password());
        int port;
        CompletableFuture<CommandRun> running;
        try (TestServer server = TestServer.start(settings)) {
            makeKey(server);
            port = server.port();
            running = CompletableFuture.supplyAsync(
                    () -> run(port, "import", "--batch", "50", "--attempts", "100", file.toString()));
            awaitStored(3);
        }
        Stream<Map.Entry<String, String>> same = Stream.concat(
                settings.entrySet().stream(), Stream.of(Map.entry("ledger.port", Integer.toString(port))));
        try (TestServer server =
                TestServer.start(same.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))) {
            CommandRun imported = running.get();
            assertThat(imported.exitCode()).as(imported.err()).isZero();
            assertThat(imported.out()).startsWith("6,000 customers stored");
            assertEqual(server.port());
        }
    }

    @Test
    void aRefusedBatchInTheMiddleLeavesOthersWholeAndIsMendedByTakingItsLineOut() throws Exception {
        TestServer server = TestServer.shared();
        makeKey(server);
        List<String> lines = customers();
        List<String> bad = new ArrayList<>(lines);
        bad.add(2_500, "{\"reference\":\"bad\",\"company_name\":\"C\",\"email\":\"no address\"}");
        Files.write(file, bad);
        CommandRun refused = run(server.port(), "import", "--batch", "100", "--connections", "4", file.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Line 2501, email: ", "Lines 2501 to 2600 were refused: HTTP 422, code 005")
                .contains("2,500 customers stored before them, nothing of them");
        Files.write(file, lines);
        CommandRun mended = run(server.port(), "import", "--batch", "100", "--connections", "4", file.toString());
        assertThat(mended.exitCode()).as(mended.err()).isZero();
        assertEqual(server.port());
    }

    @Test
    void copiesOfAFileThatAreImportedAtOnceAreStoredOnce() throws Exception {
        TestServer server = TestServer.shared();
        makeKey(server);
        Path copy = Files.copy(
                file, Files.createDirectory(directory.resolve("copy")).resolve("customers.ndjson"));
        List<CompletableFuture<CommandRun>> runs = Stream.of(file, copy)
                .map(each -> CompletableFuture.supplyAsync(
                        () -> run(server.port(), "import", "--batch", "200", each.toString())))
                .toList();
        for (CompletableFuture<CommandRun> each : runs) {
            assertThat(each.get().exitCode()).as(each.get().err()).isZero();
        }
        assertEqual(server.port());
    }

    private void makeKey(TestServer server) throws IOException {
        String credentials = server.bean(KeyRegister.class)
                .create("merchant of " + directory.getFileName(), "importer", Kind.READ_WRITE, null)
                .text();
        Files.writeString(directory.resolve("importer.credentials"), credentials);
    }

    /** So many batches have been acknowledged, by what the journal says. */
    private void awaitStored(int batches) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> storedInJournal() >= batches);
    }

    private long storedInJournal() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path journal :
                    files.filter(each -> each.toString().contains(".import-")).toList()) {
                return Files.readAllLines(journal).stream()
                        .filter(line -> line.startsWith("stored "))
                        .count();
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return 0;
    }

    private void assertEqual(int port) {
        assertThat(run(port, "compare", "--exact", file.toString()).out())
                .contains("6,000 in the file, 6,000 listed: 6,000 equal", " 0 not in the file");
    }

    private CommandRun run(int port, String... arguments) {
        return CommandRun.of(arguments(port, arguments));
    }

    private String[] arguments(int port, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 4);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = "http://127.0.0.1:" + port;
        all[arguments.length + 2] = "--credentials";
        all[arguments.length + 3] = directory.resolve("importer.credentials").toString();
        return all;
    }
}

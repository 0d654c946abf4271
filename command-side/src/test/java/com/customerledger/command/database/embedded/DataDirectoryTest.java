package com.customerledger.command.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void itIsMadeForItsOwnerAlone() throws Exception {
        try (DataDirectory directory = DataDirectory.openForServe(temporary.resolve("a/b"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aFileInItsPlaceIsRefused() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.openForServe(file)).hasMessageContaining("is not a directory");
    }

    @Test
    void aSecretIsReadableByItsOwnerAloneAndReplacedWhole() throws Exception {
        try (DataDirectory directory = DataDirectory.openForServe(temporary)) {
            directory.writeSecret("secret", "first, and longer");
            directory.writeSecret("secret", "second");

            Path file = temporary.resolve("secret");
            assertThat(file).hasContent("second");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aSecondServerIsRefusedAndACommandUsesTheFirstOnesDatabase() throws Exception {
        try (LedgerJvm jvm = LedgerJvm.start(temporary)) {
            jvm.awaitReady();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> DataDirectory.openForServe(temporary, SHORT, SHORT))
                        .isInstanceOf(EmbeddedDatabaseException.class)
                        .hasMessageContaining("in use by a running ledger, process " + jvm.pid())
                        .hasMessageContaining("LEDGER_DATA_DIR");
            }
            try (CommandDatabase command = CommandDatabase.open(temporary, null);
                    var connection = DriverManager.getConnection(
                            command.access().jdbcUrl(),
                            command.access().application().user(),
                            command.access().application().password())) {
                assertThat(command.isServed()).isTrue();
                assertThat(connection.isValid(5)).isTrue();
            }
            assertThat(jvm.isAlive()).isTrue();
        }
        DataDirectory.openForServe(temporary).close();
    }

    @Test
    void aCommandWithoutAServerStartsTheDatabaseForItsOwnDuration() throws Exception {
        try (CommandDatabase command = CommandDatabase.open(temporary, null)) {
            assertThat(command.isServed()).isFalse();
            assertThatThrownBy(() -> DataDirectory.openForCommand(temporary, SHORT))
                    .hasMessageContaining("in use by a ledger command, process "
                            + ProcessHandle.current().pid());
        }
        assertThat(new PostgresProcesses(temporary.resolve("postgresql")).living())
                .isEmpty();
    }

    @Test
    void aServerWaitsForACommand() throws Exception {
        DataDirectory.Opened.Held held = (DataDirectory.Opened.Held) DataDirectory.openForCommand(temporary);
        CompletableFuture<DataDirectory> server =
                CompletableFuture.supplyAsync(() -> DataDirectory.openForServe(temporary));
        assertThat(server).isNotCompleted();

        held.directory().close();

        assertThat(server).succeedsWithin(Duration.ofSeconds(10));
        server.join().close();
    }

    @Test
    void aKilledServersAddressIsNotHandedOut() throws Exception {
        try (LedgerJvm jvm = LedgerJvm.start(temporary)) {
            jvm.awaitReady();
            jvm.kill();
            assertThat(temporary.resolve("database.properties")).exists();

            try (DataDirectory server = DataDirectory.openForServe(temporary)) {
                assertThat(server.path()).isEqualTo(temporary.toRealPath());
                assertThatThrownBy(() -> DataDirectory.openForCommand(temporary, SHORT))
                        .hasMessageContaining("in use by a running ledger");
            }
        }
    }
}

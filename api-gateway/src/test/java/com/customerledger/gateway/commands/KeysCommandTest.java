package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about keys on an external database, before anything was ever started on it. */
class KeysCommandTest {

    private static Map<String, String> settings;

    @BeforeAll
    static void bringADatabase() {
        DatabaseAccess database = TestPostgres.newDatabase();
        settings = Map.of(
                "ledger.database.url", database.jdbcUrl(),
                "ledger.database.user", database.application().user(),
                "ledger.database.password", database.application().password(),
                "ledger.database.owner-user", database.owner().user(),
                "ledger.database.owner-password", database.owner().password());
        settings.forEach(System::setProperty);
    }

    @AfterAll
    static void leave() {
        settings.keySet().forEach(System::clearProperty);
    }

    @Test
    void createPrintsKeyAndSecretAsItsLastLineAndNothingElse() {
        CommandRun run = CommandRun.of("keys", "create", "--merchant", "acme");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).matches("key_[A-Za-z0-9_-]{21}:[A-Za-z0-9_-]{43}\\R");
    }

    @Test
    void listAlignsKeyMerchantNameKindAndState() {
        String reading =
                key(CommandRun.of("keys", "create", "--merchant", "list", "--name", "the till", "--read-only"));
        String paying = key(CommandRun.of("keys", "create", "--merchant", "list", "--payments", "--rate", "10"));
        assertThat(CommandRun.of("keys", "disable", paying).exitCode()).isZero();

        CommandRun run = CommandRun.of("keys", "list");

        assertThat(run.exitCode()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).matches("KEY +MERCHANT +NAME +KIND +STATE");
        assertThat(lines)
                .anyMatch(line -> line.matches(reading + " +list +the till +read-only +enabled"))
                .anyMatch(line -> line.matches(paying + " +list +default +payments +disabled"));
        int merchants = lines.get(0).indexOf("MERCHANT");
        assertThat(lines).allMatch(line -> line.charAt(merchants - 1) == ' ' && line.charAt(merchants) != ' ');
    }

    @Test
    void disablingWhatIsNotThereFails() {
        CommandRun run = CommandRun.of("keys", "disable", "key_000000000000000000000");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("There is no such key");
    }

    @Test
    void aSecretThatIsGivenByMistakeIsNotRepeated() {
        CommandRun run = CommandRun.of("keys", "disable", "key_000000000000000000000:the-secret");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out() + run.err()).contains("before the colon").doesNotContain("the-secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys",
                "keys create",
                "keys create --merchant",
                "keys create --merchant a --read-only --payments",
                "keys create --merchant a --rate 0",
                "keys create --merchant a --rate many",
                "keys create --merchant a --name \t",
                "keys create --merchant a more",
                "keys disable",
                "keys forget",
            })
    void wrongUsageIsSaidWithHelpAndExitCodeTwo(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: ledger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "serve --help", "keys --help", "keys create --help", "keys list -h", "keys disable -h"
            })
    void everyCommandExplainsItself(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: ledger");
        assertThat(run.out().lines()).hasSizeGreaterThan(4);
    }

    @Test
    void aDatabaseThatCanNotBeReachedIsSaidInALine() {
        String url = System.setProperty("ledger.database.url", "jdbc:postgresql://127.0.0.1:1/none");
        try {
            CommandRun run = CommandRun.of("keys", "list");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("database can't be reached").doesNotContain("\tat ");
        } finally {
            System.setProperty("ledger.database.url", String.valueOf(url));
        }
    }

    private static String key(CommandRun created) {
        assertThat(created.exitCode()).as(created.toString()).isZero();
        return created.out().strip().split(":", 2)[0];
    }
}

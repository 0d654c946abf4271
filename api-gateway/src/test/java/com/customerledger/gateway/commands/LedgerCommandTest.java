package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.ExitCode;

class LedgerCommandTest {

    @Test
    void theHelpNamesEveryCommandThatIsForPeople() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("  serve ", "  keys ", "  import ", "  whatif ")
                .doesNotContain("rehearse");
    }

    @Test
    void aCommandExplainsItself() {
        assertThat(CommandRun.of("keys", "create", "--help").out()).startsWith("Usage: ledger keys create ");
    }

    @Test
    void aMistypedCommandIsRefusedWithTheOnesThatWereMeant() {
        CommandRun run = CommandRun.of("veryfi");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("Unmatched argument at index 0: 'veryfi'", "ledger verify");
    }

    @Test
    void anotherCommandBehindTheFirstIsNoCommand() {
        CommandRun run = CommandRun.of("views", "verify");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("'verify'");
    }
}

package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.LedgerApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The script at the root answers {@code --help} before anything is built, so its list of commands is its own. */
class LedgerScriptTest {

    private static final int ANSWER_MAX_SECONDS = 30;

    @Test
    void theScriptsHelpNamesEveryCommand() throws Exception {
        String help = scriptHelp();

        assertThat(LedgerCommand.commandLine(LedgerApplication.class).getSubcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(command -> !command.usageMessage().hidden())
                        .map(CommandSpec::name))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(help).containsPattern("(?m)^  " + command + " "));
    }

    private static String scriptHelp() throws IOException, InterruptedException {
        Process script = new ProcessBuilder("sh", Path.of("..", "ledger").toString(), "--help")
                .redirectErrorStream(true)
                .start();
        String help = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(script.waitFor(ANSWER_MAX_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isZero();
        return help;
    }
}

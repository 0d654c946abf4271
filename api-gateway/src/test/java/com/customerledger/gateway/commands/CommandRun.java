package com.customerledger.gateway.commands;

import com.customerledger.gateway.LedgerApplication;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What a command printed and ended with. */
record CommandRun(int exitCode, String out, String err) {

    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = LedgerCommand.commandLine(LedgerApplication.class, arguments);
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new CommandRun(command.execute(arguments), out.toString(), err.toString());
    }

    /** What is done with a command's process while it lives. */
    interface WhileItLives {
        void use(Process process) throws Exception;
    }

    /** Runs a command as a process of its own, which is gone afterwards. */
    static void inAProcess(Path output, WhileItLives use, List<String> arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LedgerApplication.class.getName()));
        all.addAll(arguments);
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            use.use(process);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Runs a command against a ledger, with credentials in a file below {@code directory}. */
    static CommandRun against(FakeLedger ledger, Path directory, String... arguments) throws IOException {
        Path credentials = directory.resolve("demo.credentials");
        Files.writeString(credentials, FakeLedger.CREDENTIALS + "\n");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", ledger.url().toString(), "--credentials", credentials.toString()));
        return of(all.toArray(String[]::new));
    }
}

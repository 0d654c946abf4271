package com.customerledger.gateway.commands;

import com.customerledger.gateway.soak.SoakCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/** What {@code ./ledger} can do. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        version = "Customer Ledger 1.0.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        description = "Customers as a history of events, with an HTTP API.",
        footer = "%nledger COMMAND --help explains one.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Done.", "1:Failed or refused.", "2:The command was used wrongly."})
public final class LedgerCommand {

    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            KeysCommand.class,
            ImportCommand.class,
            CompareCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            DrillCommand.class,
            AcceptRollbackCommand.class,
            ViewsCommand.class,
            DoctorCommand.class,
            WhatIfCommand.class,
            SoakCommand.class,
            SharedDatabaseCommand.class,
            RehearseCommand.class);

    LedgerCommand() {}

    /**
     * Runs a command in this process.
     *
     * @param application what {@code serve} starts
     * @return the exit code: 0 done, 1 failed, 2 wrong usage
     */
    public static int run(Class<?> application, String... arguments) {
        return commandLine(application, arguments).execute(arguments);
    }

    /** For these arguments: of the commands the one that they begin with, or all of them where they begin otherwise. */
    static CommandLine commandLine(Class<?> application, String... arguments) {
        IFactory factory = new IFactory() {
            @Override
            public <T> T create(Class<T> type) throws Exception {
                if (type == ServeCommand.class) {
                    return type.cast(new ServeCommand(application));
                }
                if (type == RehearseCommand.class) {
                    return type.cast(new RehearseCommand(application));
                }
                return type == SoakCommand.class
                        ? type.cast(new SoakCommand(application))
                        : CommandLine.defaultFactory().create(type);
            }
        };
        CommandLine line = new CommandLine(new LedgerCommand(), factory);
        // To make out what a command takes is a fifteenth of a start.
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        for (Class<?> command : named.isEmpty() ? COMMANDS : named) {
            line.addSubcommand(command);
        }
        return line.setExecutionExceptionHandler((failure, command, result) -> {
            PrintWriter err = command.getErr();
            if (failure instanceof CommandFailure) {
                err.println(failure.getMessage());
            } else if (failure instanceof IOException) {
                // The messages of these are often no more than a file's name.
                err.println(failure);
            } else {
                throw failure;
            }
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        });
    }
}

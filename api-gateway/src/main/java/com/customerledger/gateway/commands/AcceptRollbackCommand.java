package com.customerledger.gateway.commands;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** An operator's word that events are lost. */
@Command(
        name = "accept-rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Accepts that events are lost which signed heads tell of, because a backup was restored or the end was cut off, and begins"
                    + " a new epoch of the seal with what is there. Until then writes are refused.",
            "It is signed with the seal's key and can't be taken back: everybody with an older head sees where the loss is."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:A new epoch has begun.",
            "1:Nothing is lost, or it can't be accepted.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class AcceptRollbackCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    AcceptRollbackCommand() {}

    @Override
    public Integer call() throws IOException {
        String done = SealCommands.call(command, (audit, database, places) -> audit.acceptRollback(database, places));
        PrintWriter out = command.commandLine().getOut();
        out.println(done);
        out.flush();
        return 0;
    }
}

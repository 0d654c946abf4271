package com.customerledger.gateway.commands;

import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyRegister;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the ledger's own PostgreSQL without a ledger, for {@code ledger soak}, whose nodes share it. */
@Command(
        name = "database",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = {
            "Runs the ledger's own PostgreSQL alone, in the foreground; its address and passwords are in the file"
                    + " database.properties of the data directory.",
            "For each merchant it prints lines KEY, merchant, kind and key:secret: one key that reads and writes, one for payments."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"1:It could not start.", "143:It was ended by SIGTERM."})
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class SharedDatabaseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Option(names = "--merchant", paramLabel = "NAME", required = true, description = "Makes keys for that merchant.")
    private List<String> merchants;

    SharedDatabaseCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (ConfigurableApplicationContext context =
                DatabaseContext.open(command.commandLine().getErr())) {
            context.addApplicationListener((ApplicationListener<ContextClosedEvent>) closed -> ended.countDown());
            PrintWriter out = command.commandLine().getOut();
            KeyRegister keys = context.getBean(KeyRegister.class);
            for (String merchant : merchants) {
                for (Kind kind : List.of(Kind.READ_WRITE, Kind.PAYMENTS)) {
                    String made = keys.create(merchant, "soak", kind, null).text();
                    out.println("KEY " + merchant + " " + kind.text() + " " + made);
                }
            }
            out.flush();
            ended.await();
        }
        return 0;
    }
}

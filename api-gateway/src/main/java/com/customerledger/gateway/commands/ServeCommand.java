package com.customerledger.gateway.commands;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Serves until it is told to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the API, and its own PostgreSQL where no other is set, in the foreground. Ctrl-C or SIGTERM ends all of it.",
            "The first start on a database of its own makes the merchant demo with one key, prints the key and its secret once,"
                    + " and writes them to demo.credentials in the data directory."
        },
        footerHeading = "%nSettings, as environment variables:%n",
        footer = {
            "  LEDGER_PORT (8080), LEDGER_BIND (127.0.0.1)   where merchants are served; port 0 takes any free one",
            "  LEDGER_OPERATOR_PORT (8081)                   health and metrics, on 127.0.0.1",
            "  LEDGER_DATA_DIR (./data)                      files, and the database where no other is set",
            "  LEDGER_DATABASE_URL, LEDGER_DATABASE_USER, LEDGER_DATABASE_PASSWORD",
            "                                                a PostgreSQL 15 to 18 instead of the ledger's own",
            "  LEDGER_ROLES (command,query)                  what this node does",
            "  LEDGER_LOG_FORMAT (plain)                     or json",
            "The README has all of them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"1:It could not start; the reason is the last line.", "143:It was ended by SIGTERM."})
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class ServeCommand implements Callable<Integer> {

    private final Class<?> applicationClass;

    @Spec
    private CommandSpec command;

    ServeCommand(Class<?> applicationClass) {
        this.applicationClass = applicationClass;
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        SpringApplication application = new SpringApplication(applicationClass);
        // Not a lambda, whose kind of event Spring can't see: it would be offered every event, and refuse it by an
        // exception.
        application.addListeners(new ApplicationListener<ContextClosedEvent>() {
            @Override
            public void onApplicationEvent(ContextClosedEvent closed) {
                // The operators' port has a context of its own, below this one.
                if (closed.getApplicationContext().getParent() == null) {
                    ended.countDown();
                }
            }
        });
        try {
            application.run("--ledger.serve=true");
        } catch (RuntimeException failure) {
            // Spring Boot has logged it, with all that is known.
            PrintWriter err = command.commandLine().getErr();
            String message = StartFailure.message(failure);
            err.println("The ledger could not start: " + (message == null ? failure.getMessage() : message));
            err.flush();
            return 1;
        }
        ended.await();
        return 0;
    }
}

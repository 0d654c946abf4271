package com.customerledger.gateway.commands;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.views.OperationRefusedException;
import java.io.IOException;
import java.util.ServiceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Model.CommandSpec;

/** The read side's services, for commands that work on the database whether a server runs or not. */
final class LedgerServices {

    private LedgerServices() {}

    /** What a command does with a service. */
    @FunctionalInterface
    interface Work<S, T> {

        /** Does it. */
        T with(S service, LedgerDatabase database, Environment settings) throws IOException, InterruptedException;
    }

    /**
     * Does it.
     *
     * @throws CommandFailure with the reason when it can't be done
     */
    static <S, T> T call(CommandSpec command, Class<S> service, Work<S, T> work) throws IOException {
        try (ConfigurableApplicationContext context =
                DatabaseContext.open(command.commandLine().getErr())) {
            S found = ServiceLoader.load(service)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the read side is not on the class path"));
            return work.with(found, context.getBean(LedgerDatabase.class), context.getEnvironment());
        } catch (UnavailableException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailure(e.getMessage() + ": " + cause.getMessage(), e);
        } catch (OperationRefusedException | IllegalArgumentException | IllegalStateException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        }
    }
}

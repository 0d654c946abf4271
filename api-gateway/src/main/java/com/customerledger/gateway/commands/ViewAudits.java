package com.customerledger.gateway.commands;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.database.LedgerDatabase;
import java.util.ServiceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that look into views have in common. */
final class ViewAudits {

    private ViewAudits() {}

    /** What a command does with the ledger. */
    @FunctionalInterface
    interface Work<T> {

        /** Does it. */
        T with(ViewAudit audit, LedgerDatabase database, Environment settings);
    }

    /**
     * Does it, whether a server runs or not.
     *
     * @throws CommandFailure with the reason when it can't be done
     */
    static <T> T call(CommandSpec command, Work<T> work) {
        try (ConfigurableApplicationContext context =
                DatabaseContext.open(command.commandLine().getErr())) {
            ViewAudit audit = ServiceLoader.load(ViewAudit.class)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the read side is not on the class path"));
            return work.with(audit, context.getBean(LedgerDatabase.class), context.getEnvironment());
        } catch (UnavailableException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailure(e.getMessage() + ": " + cause.getMessage(), e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}

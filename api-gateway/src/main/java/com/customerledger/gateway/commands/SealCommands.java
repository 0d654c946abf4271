package com.customerledger.gateway.commands;

import com.customerledger.events.audit.SealAudit;
import com.customerledger.events.audit.SealAudit.Places;
import com.customerledger.events.database.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that ask for proofs have in common. */
final class SealCommands {

    private SealCommands() {}

    /** What a command does with the ledger. */
    @FunctionalInterface
    interface Work<T> {

        /** Does it. */
        T with(SealAudit audit, LedgerDatabase database, Places places) throws IOException;
    }

    /**
     * Does it, whether a server runs or not.
     *
     * @throws CommandFailure with the reason when it can't be done
     */
    static <T> T call(CommandSpec command, Work<T> work) throws IOException {
        return LedgerServices.call(
                command, SealAudit.class, (audit, database, settings) -> work.with(audit, database, places(settings)));
    }

    /** Where the settings say that the seal's files are. */
    static Places places(Environment settings) {
        String keyFile = settings.getProperty("ledger.seal.key-file");
        return new Places(Path.of(settings.getProperty("ledger.data-dir", "data")), path(keyFile));
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null || text.isBlank() ? null : Path.of(text);
    }
}

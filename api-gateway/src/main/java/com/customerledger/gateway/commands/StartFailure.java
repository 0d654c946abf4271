package com.customerledger.gateway.commands;

import com.customerledger.gateway.settings.LedgerSettings;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;

/** What to say when a context can't be started. */
final class StartFailure {

    private static final String OUR_PACKAGES = "com.customerledger.";

    private StartFailure() {}

    /** One or two sentences for people, or null where only the stack trace can tell. */
    static @Nullable String message(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException busy) {
                return "Port " + busy.getPort() + " is in use by another process. Stop it, or set another port: "
                        + environmentVariable(LedgerSettings.PORT) + " for merchants, "
                        + environmentVariable(LedgerSettings.OPERATOR_PORT) + " for operators; 0 takes any free one.";
            }
            if (cause instanceof UncheckedIOException unwritable && unwritable.getMessage() != null) {
                return unwritable.getMessage() + ": " + unwritable.getCause();
            }
            if (isOurs(cause) && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return null;
    }

    /** Whatever the ledger itself throws while it starts has a message for people. */
    private static boolean isOurs(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getName().startsWith(OUR_PACKAGES)
                || (trace.length > 0 && trace[0].getClassName().startsWith(OUR_PACKAGES));
    }

    private static String environmentVariable(String setting) {
        return setting.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}

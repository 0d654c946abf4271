package com.customerledger.gateway.commands;

import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the running ledger is and who asks it: the options of every command that uses its HTTP API. */
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class ServerOptions {

    private static final int ATTEMPTS_MAX = 1_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:${env:LEDGER_PORT:-8080}",
            description = "The running ledger (default: ${DEFAULT-VALUE}).")
    private URI url;

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            defaultValue = "${env:LEDGER_DATA_DIR:-data}/demo.credentials",
            description = "A file that holds api_key:api_secret (default: ${DEFAULT-VALUE}).")
    private Path credentials;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often a request is made while the ledger can't be reached or asks for patience"
                    + " (default: ${DEFAULT-VALUE}).")
    private int attempts;

    /**
     * A client of that ledger; nothing is sent yet.
     *
     * @throws ParameterException when an option is of no use
     */
    LedgerClient connect() {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https"))
                || url.getHost() == null
                || url.getQuery() != null
                || url.getFragment() != null
                || url.getUserInfo() != null) {
            throw wrong("--url takes an address such as http://127.0.0.1:8080");
        }
        try {
            return new LedgerClient(url, BasicCredentials.read(credentials));
        } catch (NoSuchFileException e) {
            throw wrong("There is no file " + credentials + ": ./ledger serve writes it at its first start;"
                    + " --credentials names another");
        } catch (IOException e) {
            throw wrong("The credentials can't be read: " + e.getMessage());
        }
    }

    Retries retries() {
        if (attempts < 1 || attempts > ATTEMPTS_MAX) {
            throw wrong("--attempts takes a number from 1 to " + ATTEMPTS_MAX);
        }
        return new Retries(attempts, wait -> Thread.sleep(wait.toMillis()), new SecureRandom());
    }

    /**
     * Retries of what is soon to be had, whatever the options say.
     *
     * @param pauseMax the longest wait between two attempts, also where the ledger asks for more
     */
    Retries retries(int attemptsMax, Duration pauseMax) {
        return new Retries(
                attemptsMax, wait -> Thread.sleep(Math.min(wait.toMillis(), pauseMax.toMillis())), new SecureRandom());
    }

    URI url() {
        return url;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}

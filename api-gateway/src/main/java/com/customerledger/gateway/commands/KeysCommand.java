package com.customerledger.gateway.commands;

import com.customerledger.events.UnavailableException;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.Credentials;
import com.customerledger.gateway.keys.KeyRegister;
import com.customerledger.gateway.keys.ListedKey;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and disables the merchants' keys, whether a server runs or not. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Makes, lists and disables the merchants' API keys.",
            "Works whether the ledger runs or not: where its own PostgreSQL does not run, it is started for the moment."
        },
        footer = "%nledger keys COMMAND --help explains one.",
        subcommands = {KeysCommand.Create.class, KeysCommand.ListKeys.class, KeysCommand.Disable.class})
final class KeysCommand {

    KeysCommand() {}

    /** What it does once the database is there. */
    private static <T> T register(CommandSpec command, Function<KeyRegister, T> work) {
        try (ConfigurableApplicationContext context =
                DatabaseContext.open(command.commandLine().getErr())) {
            return work.apply(context.getBean(KeyRegister.class));
        } catch (UnavailableException failure) {
            throw new CommandFailure(reason(failure), failure);
        }
    }

    private static String reason(UnavailableException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = String.valueOf(failure.getMessage());
        return cause == failure ? said : said + ": " + cause.getMessage();
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a key, and its merchant where there is none of that name.",
                "The last line of standard output is key:secret. The secret is shown this once and stored nowhere. The key works at"
                        + " once."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:The key is made.", "1:It could not be made.", "2:The command was used wrongly."})
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    static final class Create implements Callable<Integer> {

        @Spec
        private CommandSpec command;

        @Option(names = "--merchant", paramLabel = "NAME", required = true, description = "Whose key it is.")
        private String merchant;

        @Option(
                names = "--name",
                paramLabel = "TEXT",
                defaultValue = "default",
                description = "What to call the key, for people (default: ${DEFAULT-VALUE}).")
        private String name;

        @ArgGroup
        private @Nullable Permission permission;

        @Option(
                names = "--rate",
                paramLabel = "PER_SECOND",
                description =
                        "How many requests a second each node takes from the key; any number where it is left out.")
        private @Nullable Integer rate;

        Create() {}

        /** At most one of them; without any the key reads and writes. */
        static final class Permission {
            @Option(names = "--read-only", description = "The key reads, and nothing else.")
            private boolean readOnly;

            @Option(
                    names = "--payments",
                    description = "The key is the payments platform's: it starts and stops payments, and nothing else.")
            private boolean payments;

            Permission() {}

            Kind kind() {
                return payments ? Kind.PAYMENTS : readOnly ? Kind.READ_ONLY : Kind.READ_WRITE;
            }
        }

        @Override
        public Integer call() {
            check("--merchant", merchant);
            check("--name", name);
            if (rate != null && (rate < 1 || rate > KeyRegister.RATE_MAX)) {
                throw wrong("--rate takes a number from 1 to " + KeyRegister.RATE_MAX);
            }
            Kind kind = permission == null ? Kind.READ_WRITE : permission.kind();
            Credentials made = register(command, keys -> keys.create(merchant, name, kind, rate));
            PrintWriter out = command.commandLine().getOut();
            out.println(made.text());
            out.flush();
            return 0;
        }

        private void check(String option, String given) {
            String fault = KeyRegister.fault(given);
            if (fault != null) {
                throw wrong(option + " " + fault);
            }
        }

        private ParameterException wrong(String message) {
            return new ParameterException(command.commandLine(), message);
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists every key: key, merchant, name, kind, state.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:They are listed.", "1:They could not be read."})
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    static final class ListKeys implements Callable<Integer> {

        @Spec
        private CommandSpec command;

        ListKeys() {}

        @Override
        public Integer call() {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("KEY", "MERCHANT", "NAME", "KIND", "STATE"));
            for (ListedKey each : register(command, KeyRegister::list)) {
                String state = each.disabledAt() == null ? "enabled" : "disabled";
                rows.add(List.of(
                        each.key(), each.merchant(), each.name(), each.kind().text(), state));
            }
            PrintWriter out = command.commandLine().getOut();
            Table.print(out, rows);
            out.flush();
            return 0;
        }
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description =
                    "Refuses a key from now on: every running node does within five seconds. It can't be enabled again.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:The key is disabled.", "1:There is no such key.", "2:The command was used wrongly."})
    @SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
    static final class Disable implements Callable<Integer> {

        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "KEY", description = "The part of key:secret before the colon.")
        private String key;

        Disable() {}

        @Override
        public Integer call() {
            if (key.contains(":")) {
                throw new ParameterException(
                        command.commandLine(), "KEY is the part before the colon, without the secret");
            }
            if (!register(command, keys -> keys.disable(key))) {
                throw new CommandFailure("There is no such key");
            }
            PrintWriter err = command.commandLine().getErr();
            err.println(key + " is disabled");
            err.flush();
            return 0;
        }
    }
}

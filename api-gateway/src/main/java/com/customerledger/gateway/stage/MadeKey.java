package com.customerledger.gateway.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes keys by the command that people use. */
public final class MadeKey {

    private static final Duration MADE_MAX = Duration.ofSeconds(60);

    private MadeKey() {}

    /** One for payments of the merchant {@code demo}, on the server that runs on that data directory. */
    public static String forPayments(Stage stage, Path dataDirectory) throws IOException, InterruptedException {
        return make(stage, dataDirectory, "demo", "--payments");
    }

    /** One of that merchant. */
    public static String of(Stage stage, Path dataDirectory, String merchant) throws IOException, InterruptedException {
        return make(stage, dataDirectory, merchant);
    }

    private static String make(Stage stage, Path dataDirectory, String merchant, String... options)
            throws IOException, InterruptedException {
        List<String> arguments = Stream.concat(Stream.of("keys", "create", "--merchant", merchant), Stream.of(options))
                .toList();
        LedgerProcess command = stage.launch("keys", arguments, Map.of(), dataDirectory);
        PlayFailure.unless(command.awaitEnd(MADE_MAX) == 0, () -> "keys create failed: %s".formatted(command.said()));
        String[] lines = command.said().split("\n", -1);
        return lines[lines.length - 1];
    }
}

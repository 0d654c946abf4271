package com.customerledger.gateway.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Makes the merchant {@code demo} a key for payments, by the command that people use. */
final class PaymentsKey {

    private static final Duration MADE_MAX = Duration.ofSeconds(60);

    private PaymentsKey() {}

    /** Makes one on the server that runs on that data directory. */
    static String make(Stage stage, Path dataDirectory) throws IOException, InterruptedException {
        LedgerProcess command = stage.launch(
                "keys", List.of("keys", "create", "--merchant", "demo", "--payments"), Map.of(), dataDirectory);
        SoakFailure.unless(command.awaitEnd(MADE_MAX) == 0, () -> "keys create failed: %s".formatted(command.said()));
        String[] lines = command.said().split("\n", -1);
        return lines[lines.length - 1];
    }
}

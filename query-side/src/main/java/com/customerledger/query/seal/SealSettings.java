package com.customerledger.query.seal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The seal's settings.
 *
 * @param dataDir {@code ledger.data-dir}: where this node keeps its files
 * @param seal {@code ledger.seal}
 */
@ConfigurationProperties("ledger")
public record SealSettings(
        @DefaultValue("data") Path dataDir, @DefaultValue Seal seal) {

    private static final String KEY = "seal.key";
    private static final String HEADS = "seal.heads";

    /**
     * How heads are signed.
     *
     * @param keyFile {@code ledger.seal.key-file}: the private key, {@code seal.key} in the data directory where it is not set
     * @param headIntervalMs {@code ledger.seal.head-interval-ms}: how long after one head the next is signed at the
     *     earliest, in milliseconds, from 1 to 900
     */
    public record Seal(
            @Nullable Path keyFile, @DefaultValue("500") int headIntervalMs) {

        private static final int HEAD_INTERVAL_MAX_MS = 900;

        /** Checks them. */
        public Seal {
            if (headIntervalMs < 1 || headIntervalMs > HEAD_INTERVAL_MAX_MS) {
                throw new IllegalArgumentException(
                        "ledger.seal.head-interval-ms must be from 1 to " + HEAD_INTERVAL_MAX_MS);
            }
        }
    }

    /** The file of the private key. */
    public Path keyFile() {
        Path given = seal.keyFile();
        return given == null || given.toString().isBlank() ? dataDir.resolve(KEY) : given;
    }

    /** The file of the heads that this node has signed. */
    Path headsFile() {
        return dataDir.resolve(HEADS);
    }
}

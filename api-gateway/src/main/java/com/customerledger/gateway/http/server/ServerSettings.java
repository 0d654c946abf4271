package com.customerledger.gateway.http.server;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of the merchants' port.
 *
 * @param maxHeaderBytes {@code ledger.http.max-header-bytes}: the request line and all headers of one request, in bytes
 * @param maxConnections {@code ledger.http.max-connections}: how many connections are open at once; more wait to be
 *     accepted
 * @param maxThreads {@code ledger.http.max-threads}: how many requests are worked on at once, where the Java machine has no
 *     virtual threads
 * @param transferTimeoutMs {@code ledger.http.transfer-timeout-ms}: how long a client may take to send, or to take, the
 *     next bytes, in milliseconds; then its connection is closed
 * @param keepAliveTimeoutMs {@code ledger.http.keep-alive-timeout-ms}: how long a connection stays open between two
 *     requests, in milliseconds
 */
@ConfigurationProperties("ledger.http")
record ServerSettings(
        @DefaultValue("16384") int maxHeaderBytes,
        @DefaultValue("4096") int maxConnections,
        @DefaultValue("200") int maxThreads,
        @DefaultValue("20000") int transferTimeoutMs,
        @DefaultValue("60000") int keepAliveTimeoutMs) {

    private static final int HEADER_BYTES_MIN = 1_024;

    ServerSettings {
        if (maxHeaderBytes < HEADER_BYTES_MIN) {
            throw new IllegalArgumentException("ledger.http.max-header-bytes must be at least " + HEADER_BYTES_MIN);
        }
        atLeastOne("max-connections", maxConnections);
        atLeastOne("max-threads", maxThreads);
        atLeastOne("transfer-timeout-ms", transferTimeoutMs);
        atLeastOne("keep-alive-timeout-ms", keepAliveTimeoutMs);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("ledger.http." + name + " must be at least 1");
        }
    }
}

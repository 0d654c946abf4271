package com.customerledger.gateway.http.request;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of the bodies that are read.
 *
 * @param maxBodyBytes {@code ledger.http.max-body-bytes}: the largest body of one request, in bytes; from 1 to 1 GiB
 * @param maxBodiesBytes {@code ledger.http.max-bodies-bytes}: how many bytes the bodies of all requests that are worked on
 *     may have together; a request beyond it is answered 503
 * @param bodyTimeMaxMs {@code ledger.http.body-time-max-ms}: how long one body may take to arrive, in milliseconds
 */
@ConfigurationProperties("ledger.http")
public record BodySettings(
        @DefaultValue("33554432") int maxBodyBytes,
        @DefaultValue("268435456") long maxBodiesBytes,
        @DefaultValue("120000") int bodyTimeMaxMs) {

    private static final int BODY_BYTES_MAX = 1 << 30;

    public BodySettings {
        if (maxBodyBytes < 1 || maxBodyBytes > BODY_BYTES_MAX) {
            throw new IllegalArgumentException("ledger.http.max-body-bytes must be from 1 to " + BODY_BYTES_MAX);
        }
        if (bodyTimeMaxMs < 1) {
            throw new IllegalArgumentException("ledger.http.body-time-max-ms must be at least 1");
        }
        if (maxBodiesBytes < maxBodyBytes) {
            throw new IllegalArgumentException(
                    "ledger.http.max-bodies-bytes must be at least ledger.http.max-body-bytes");
        }
    }
}

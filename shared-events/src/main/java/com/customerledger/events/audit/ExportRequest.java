package com.customerledger.events.audit;

import org.jspecify.annotations.Nullable;

/**
 * Which events to export: those of one merchant, by the merchant's own numbers.
 *
 * @param merchantId the merchant
 * @param from the first number, at least 1; null for 1
 * @param to the last number; null, like any beyond it, for the newest when the export begins
 * @param format how they are written
 */
public record ExportRequest(
        String merchantId, @Nullable Long from, @Nullable Long to, Format format) {

    /** How an export is written. */
    public enum Format {
        /** JSON, an object a line. */
        NDJSON,
        /** RFC 4180, with line feeds. */
        CSV
    }

    /** Checks the numbers. */
    public ExportRequest {
        if (from != null && from < 1) {
            throw new IllegalArgumentException("the first number is at least 1");
        }
        if (to != null && to < (from == null ? 1 : from)) {
            throw new IllegalArgumentException("the last number is at least the first");
        }
    }
}

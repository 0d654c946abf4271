package com.customerledger.gateway.stage;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer. */
public final class Reply {

    private static final int SHOWN_MAX = 400;

    private final String request;
    private final HttpResponse<byte[]> response;

    public Reply(String request, HttpResponse<byte[]> response) {
        this.request = request;
        this.response = response;
    }

    public int status() {
        return response.statusCode();
    }

    public byte[] body() {
        return response.body();
    }

    public List<Records.Sent> records() {
        return Records.of(response.body());
    }

    public @Nullable String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    /** Whether a stored answer was given again. */
    public boolean isReplayed() {
        return "true".equals(header("Idempotent-Replayed"));
    }

    public boolean hasCode(String code) {
        return text().contains("\"error_code\":\"" + code + "\"");
    }

    /** Whether the answer is that the ledger can't answer now; it must say when to come again. */
    public boolean isUnavailable() {
        if (status() != 503) {
            return false;
        }
        String after = header("Retry-After");
        PlayFailure.unless(
                hasCode("010") && after != null && after.matches("[1-9][0-9]*"),
                () -> "a 503 must have code 010 and Retry-After: %s".formatted(this));
        return true;
    }

    /**
     * This answer, if it is a success.
     *
     * @throws PlayFailure otherwise
     */
    public Reply ok() {
        PlayFailure.unless(status() == 200, () -> "200 was promised: %s".formatted(this));
        return this;
    }

    private String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        String text = text();
        return request + " was answered " + status() + " "
                + (text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text);
    }
}

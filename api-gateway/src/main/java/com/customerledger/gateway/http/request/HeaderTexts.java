package com.customerledger.gateway.http.request;

import com.customerledger.events.command.Caller;
import com.customerledger.events.command.Idempotency;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.gateway.keys.ApiKey;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The headers that a write may carry. */
public final class HeaderTexts {

    /** The longest {@code X-Actor}, in Unicode code points. */
    public static final int ACTOR_LENGTH_MAX = 128;

    /** The longest {@code X-Change-Reason}, in Unicode code points. */
    public static final int REASON_LENGTH_MAX = 256;

    /** The longest {@code Idempotency-Key}, in Unicode code points. */
    public static final int IDEMPOTENCY_KEY_LENGTH_MAX = 255;

    private HeaderTexts() {}

    /**
     * Who asks for a write.
     *
     * @throws RefusedException for a header that is too long or has control characters
     */
    public static Caller caller(HttpServletRequest request) {
        ApiKey key = Calls.key(request);
        return new Caller(
                key.merchantId(),
                key.key(),
                Calls.id(request),
                text(request, "X-Actor", ACTOR_LENGTH_MAX),
                text(request, "X-Change-Reason", REASON_LENGTH_MAX));
    }

    /**
     * How a repetition of the request is known, or null where it has no key.
     *
     * @param body the request's body as it was sent
     * @throws RefusedException for a key that is empty, too long or has control characters
     */
    public static @Nullable Idempotency idempotency(HttpServletRequest request, Body body) {
        String key = text(request, "Idempotency-Key", IDEMPOTENCY_KEY_LENGTH_MAX);
        if (key == null) {
            return null;
        }
        if (key.isEmpty()) {
            throw refused("Idempotency-Key", "must not be empty");
        }
        MessageDigest sha256 = sha256();
        String query = request.getQueryString();
        // No target has a line feed in it, so that no other request's parts read the same.
        String line = request.getMethod() + '\n' + request.getRequestURI() + (query == null ? "" : '?' + query) + '\n';
        sha256.update(line.getBytes(StandardCharsets.UTF_8));
        body.update(sha256);
        return new Idempotency(key, HexFormat.of().formatHex(sha256.digest()));
    }

    private static @Nullable String text(HttpServletRequest request, String header, int lengthMax) {
        String sent = request.getHeader(header);
        if (sent == null) {
            return null;
        }
        Enumeration<String> all = request.getHeaders(header);
        all.nextElement();
        if (all.hasMoreElements()) {
            throw refused(header, "must be sent once");
        }
        // The server hands over one character for each byte; today's clients send UTF-8.
        String decoded = Utf8.decode(sent.getBytes(StandardCharsets.ISO_8859_1));
        String text = decoded == null ? sent : decoded;
        if (text.codePointCount(0, text.length()) > lengthMax) {
            throw refused(header, "must have at most " + lengthMax + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused(header, "must not have control characters");
        }
        return text;
    }

    private static RefusedException refused(String header, String message) {
        return new RefusedException(Refusal.of(ErrorCode.REQUEST, "The header " + header + " " + message));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

package com.customerledger.gateway.keys;

import com.customerledger.events.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Both parts of an API key, as its holder needs them. Neither has a colon or a blank.
 *
 * @param key the public part, {@code key_…}
 * @param secret 256 bits from a secure random source, base64url; it is nowhere else
 */
public record Credentials(String key, String secret) {

    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern KEY = Pattern.compile("key_[A-Za-z0-9_-]{21}");
    private static final Pattern BOTH = Pattern.compile("(" + KEY.pattern() + "):([A-Za-z0-9_-]{43})");

    /** New ones. */
    static Credentials random() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new Credentials(
                Ids.apiKey(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Those that {@link #text} wrote, or none where the text has another form. */
    static Optional<Credentials> parse(String text) {
        Matcher both = BOTH.matcher(text);
        return both.matches() ? Optional.of(new Credentials(both.group(1), both.group(2))) : Optional.empty();
    }

    /** Whether a text has the form of a key's public part. */
    static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    /** The SHA-256 of a secret. */
    static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Key and secret with a colon between them, as HTTP's basic authentication takes them. */
    public String text() {
        return key + ":" + secret;
    }

    /** Without the secret: texts like this one end in logs. */
    @Override
    public String toString() {
        return "Credentials[" + key + "]";
    }
}

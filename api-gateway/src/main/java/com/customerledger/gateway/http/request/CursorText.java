package com.customerledger.gateway.http.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The place where a page ended, as text for a client to send back: the place, and a digest of it with all that it belongs
 * to, so that it fits no other list and no slip of the pen. It is no secret: a place only says where to go on in what the
 * merchant may read anyway. Every node reads it, for as long as its format lives.
 */
public final class CursorText {

    private static final int DIGEST_BYTES = 12;
    private static final int LENGTH_MAX = 128;

    private CursorText() {}

    /**
     * The text of a place.
     *
     * @param format tells the kinds of places apart
     * @param belonging the place and all that it belongs to, as a text that no other place has
     */
    public static String write(byte format, byte[] place, String belonging) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + place.length + DIGEST_BYTES)
                .put(format)
                .put(place)
                .put(digest(belonging));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * The place that a text stands for, or null where it is none of that format that belongs here.
     *
     * @param lengthMin how many bytes a place has at least
     * @param belonging to each place, what {@link #write} was given with it
     */
    public static byte @Nullable [] read(
            byte format, int lengthMin, String cursor, Function<byte[], String> belonging) {
        if (cursor.length() > LENGTH_MAX) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
        if (bytes.length < 1 + lengthMin + DIGEST_BYTES || bytes[0] != format) {
            return null;
        }
        int end = bytes.length - DIGEST_BYTES;
        byte[] place = Arrays.copyOfRange(bytes, 1, end);
        String all = belonging.apply(place);
        boolean its = MessageDigest.isEqual(digest(all), Arrays.copyOfRange(bytes, end, bytes.length));
        // Base64 has more than one text for some bytes: only the one that was written counts.
        return its && write(format, place, all).equals(cursor) ? place : null;
    }

    private static byte[] digest(String text) {
        try {
            return Arrays.copyOf(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

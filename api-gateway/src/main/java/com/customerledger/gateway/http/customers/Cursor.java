package com.customerledger.gateway.http.customers;

import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Place;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The place where a page ended, as text for a client to send back: the place, and a digest of it with the merchant and the
 * filters, so that it fits no other list and no slip of the pen. It is no secret: a place only says where to go on in the
 * merchant's own list. Every node reads it, for as long as the format lives.
 */
final class Cursor {

    private static final byte FORMAT = 1;
    private static final int DIGEST_BYTES = 12;
    private static final int FIXED_BYTES = 1 + Long.BYTES + DIGEST_BYTES;
    private static final int LENGTH_MAX = 128;

    private Cursor() {}

    /** The cursor to the records after that place. */
    static String write(ListCustomers list, Place place) {
        byte[] id = place.id().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + id.length)
                .put(FORMAT)
                .putLong(place.createdAtMicros())
                .put(id)
                .put(digest(list, place));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * The place that a cursor stands for, or null where it is none of that list's.
     *
     * @param list whose filters must be those that the cursor was given for
     */
    static @Nullable Place read(ListCustomers list, String cursor) {
        if (cursor.length() > LENGTH_MAX) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
        if (bytes.length <= FIXED_BYTES || bytes[0] != FORMAT) {
            return null;
        }
        int end = bytes.length - DIGEST_BYTES;
        String id = new String(bytes, 1 + Long.BYTES, end - 1 - Long.BYTES, StandardCharsets.US_ASCII);
        Place place = new Place(ByteBuffer.wrap(bytes).getLong(1), id);
        boolean its = MessageDigest.isEqual(digest(list, place), Arrays.copyOfRange(bytes, end, bytes.length));
        // Base64 has more than one text for some bytes: only the one that was written counts.
        return its && write(list, place).equals(cursor) ? place : null;
    }

    private static byte[] digest(ListCustomers list, Place place) {
        String all = String.join(
                "\n",
                list.merchantId(),
                String.valueOf(list.status()),
                String.valueOf(list.dateStart()),
                String.valueOf(list.dateEnd()),
                Long.toString(place.createdAtMicros()),
                place.id());
        if (list.asOf() != null) {
            all += "\n" + list.asOf();
        }
        try {
            return Arrays.copyOf(
                    MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

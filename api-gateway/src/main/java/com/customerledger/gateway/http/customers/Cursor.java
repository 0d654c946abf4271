package com.customerledger.gateway.http.customers;

import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.gateway.http.request.CursorText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A place in a list of customers as text, bound to the ledger's epoch, the merchant, the filters and the moment. */
final class Cursor {

    private static final byte FORMAT = 1;

    private Cursor() {}

    /** The cursor to the records after that place. */
    static String write(ListCustomers list, int epoch, Place place) {
        byte[] id = place.id().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(place.createdAtMicros())
                .put(id);
        return CursorText.write(FORMAT, bytes.array(), belonging(list, epoch, place));
    }

    /**
     * The place that a cursor stands for, or null where it is none of that list's.
     *
     * @param list whose filters must be those that the cursor was given for
     */
    static @Nullable Place read(ListCustomers list, int epoch, String cursor) {
        byte[] place = CursorText.read(FORMAT, Long.BYTES + 1, cursor, bytes -> belonging(list, epoch, place(bytes)));
        return place == null ? null : place(place);
    }

    private static Place place(byte[] bytes) {
        return new Place(
                ByteBuffer.wrap(bytes).getLong(),
                new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.US_ASCII));
    }

    private static String belonging(ListCustomers list, int epoch, Place place) {
        String now = String.join(
                "\n",
                Integer.toString(epoch),
                list.merchantId(),
                String.valueOf(list.status()),
                String.valueOf(list.dateStart()),
                String.valueOf(list.dateEnd()),
                Long.toString(place.createdAtMicros()),
                place.id());
        return list.asOf() == null ? now : now + "\n" + list.asOf();
    }
}

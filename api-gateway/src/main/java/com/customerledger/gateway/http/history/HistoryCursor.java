package com.customerledger.gateway.http.history;

import com.customerledger.gateway.http.request.CursorText;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A place in a customer's history as text, bound to the ledger's epoch, the merchant and the customer. */
final class HistoryCursor {

    private static final byte FORMAT = 2;

    private HistoryCursor() {}

    /** The cursor to the events after that one. */
    static String write(int epoch, String merchantId, String customerId, int sequence) {
        byte[] place = ByteBuffer.allocate(Integer.BYTES).putInt(sequence).array();
        return CursorText.write(FORMAT, place, belonging(epoch, merchantId, customerId, place));
    }

    /** The sequence of the event that a cursor stands for, or null where it is none of that history's. */
    static @Nullable Integer read(int epoch, String merchantId, String customerId, String cursor) {
        byte[] place = CursorText.read(
                FORMAT, Integer.BYTES, cursor, bytes -> belonging(epoch, merchantId, customerId, bytes));
        return place == null ? null : ByteBuffer.wrap(place).getInt();
    }

    private static String belonging(int epoch, String merchantId, String customerId, byte[] place) {
        return String.join(
                "\n",
                "history",
                Integer.toString(epoch),
                merchantId,
                customerId,
                Integer.toString(ByteBuffer.wrap(place).getInt()));
    }
}

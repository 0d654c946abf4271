package com.customerledger.query.customers;

import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import java.util.List;
import java.util.stream.Collectors;

/** The short form of an event's type in the rows of views. A code is never given another meaning. */
public final class TypeCode {

    // By their codes, from 0 on.
    private static final List<String> TYPES = List.of(
            "CustomerCreated",
            "CustomerUpdated",
            "CustomerArchived",
            "CustomerRestored",
            "PaymentStarted",
            "PaymentStopped");

    private TypeCode() {}

    static short of(LedgerEvent event) {
        int code = TYPES.indexOf(EventCodec.type(event));
        if (code < 0) {
            throw new IllegalArgumentException(EventCodec.type(event) + " has no code");
        }
        return (short) code;
    }

    /** The type of a code. */
    public static String type(short code) {
        return TYPES.get(code);
    }

    /** SQL for the type of a code that a column has. */
    static String sql(String column) {
        return TYPES.stream().collect(Collectors.joining("','", "(ARRAY['", "'])[" + column + " + 1]"));
    }
}

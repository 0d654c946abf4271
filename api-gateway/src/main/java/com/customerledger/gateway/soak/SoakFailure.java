package com.customerledger.gateway.soak;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that the ledger promises was seen not to hold. The message says what, for people. */
final class SoakFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SoakFailure(String message) {
        super(message);
    }

    SoakFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** Fails with the message unless the condition holds. */
    static void unless(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new SoakFailure(message.get());
        }
    }

    /** The value; fails with the message where there is none. */
    static <T> T present(@Nullable T value, Supplier<String> message) {
        if (value == null) {
            throw new SoakFailure(message.get());
        }
        return value;
    }
}

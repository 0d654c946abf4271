package com.customerledger.gateway.stage;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that a ledger promises was seen not to hold. The message says what, for people. */
public final class PlayFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PlayFailure(String message) {
        super(message);
    }

    public PlayFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** Fails with the message unless the condition holds. */
    public static void unless(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new PlayFailure(message.get());
        }
    }

    /** The value; fails with the message where there is none. */
    public static <T> T present(@Nullable T value, Supplier<String> message) {
        if (value == null) {
            throw new PlayFailure(message.get());
        }
        return value;
    }
}

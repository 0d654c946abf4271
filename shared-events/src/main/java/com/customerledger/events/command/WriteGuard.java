package com.customerledger.events.command;

import org.jspecify.annotations.Nullable;

/** Whoever has a reason that nothing be written now. Answers from memory, at once. Thread-safe. */
@FunctionalInterface
public interface WriteGuard {

    /** The reason, for operators and without anything personal; null while writes may be made. */
    @Nullable String refusal();
}

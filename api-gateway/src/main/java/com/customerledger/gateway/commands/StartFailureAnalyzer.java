package com.customerledger.gateway.commands;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;

/** Has Spring Boot report, without a stack trace, the failures of a start whose messages are for people. */
final class StartFailureAnalyzer implements FailureAnalyzer, Ordered {

    /** Made by Spring Boot. */
    StartFailureAnalyzer() {}

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        String message = StartFailure.message(failure);
        return message == null ? null : new FailureAnalysis(message, null, failure);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}

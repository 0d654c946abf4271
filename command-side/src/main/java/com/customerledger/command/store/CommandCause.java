package com.customerledger.command.store;

import com.customerledger.events.EventMetadata;
import java.util.Map;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;

/** Hands the cause of a command on to each event that the command makes. */
public final class CommandCause implements CorrelationDataProvider {

    /** Where a command's message carries its {@link EventMetadata}. */
    public static final String METADATA_KEY = "cause";

    /** The cause that the message carries. */
    static EventMetadata of(Message<?> message) {
        Object cause = message.getMetaData().get(METADATA_KEY);
        if (cause == null) {
            throw new IllegalStateException("a message of the write side carries no cause");
        }
        return (EventMetadata) cause;
    }

    @Override
    public Map<String, ?> correlationDataFor(Message<?> message) {
        return Map.of(METADATA_KEY, of(message));
    }
}

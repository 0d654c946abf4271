package com.customerledger.gateway.http.errors;

import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import com.customerledger.events.refusal.RecordFault;
import com.customerledger.events.refusal.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * An answer that is not a success, whole. Immutable.
 *
 * @param status the HTTP status
 * @param refusal what is wrong
 * @param records the records of the request as they were sent, by index; asked for those only that have faults
 * @param retryAfterSeconds the header {@code Retry-After}, or 0 for none
 * @param allow the header {@code Allow}, or null for none
 */
public record ErrorAnswer(
        int status,
        Refusal refusal,
        IntFunction<String> records,
        int retryAfterSeconds,
        @Nullable String allow) {

    private static final int RETRY_AFTER_SECONDS = 1;

    /** The answer to a request without records. */
    public static ErrorAnswer of(Refusal refusal) {
        return of(refusal, index -> {
            throw new IllegalStateException("a request without records has a fault of record " + index);
        });
    }

    /**
     * The answer to a batch.
     *
     * @param records its records as they were sent, by index
     */
    public static ErrorAnswer of(Refusal refusal, IntFunction<String> records) {
        boolean later = refusal.code() == ErrorCode.RATE || refusal.code() == ErrorCode.UNAVAILABLE;
        return new ErrorAnswer(
                ErrorTable.status(refusal.code()), refusal, records, later ? RETRY_AFTER_SECONDS : 0, null);
    }

    /** The answer with that code and its usual status. */
    public static ErrorAnswer of(ErrorCode code, String message) {
        return of(Refusal.of(code, message));
    }

    /** The answer with that status, its usual code and its usual text. */
    public static ErrorAnswer of(int status) {
        ErrorCode code = ErrorTable.code(status);
        ErrorAnswer answer = of(code, ErrorTable.message(status));
        return new ErrorAnswer(status, answer.refusal, answer.records, answer.retryAfterSeconds, null);
    }

    /** The same with that header {@code Retry-After}. */
    public ErrorAnswer retryAfter(int seconds) {
        return new ErrorAnswer(status, refusal, records, seconds, allow);
    }

    /** The same with the header {@code Allow} for those methods, and for those that are answered wherever they are. */
    ErrorAnswer allow(Set<HttpMethod> methods) {
        Set<String> all = new TreeSet<>();
        methods.forEach(each -> all.add(each.name()));
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        all.add("OPTIONS");
        return new ErrorAnswer(status, refusal, records, retryAfterSeconds, String.join(", ", all));
    }

    /** The envelope, JSON in UTF-8. */
    byte[] body(@Nullable String requestId) {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"status\":false,\"error_code\":\"")
                .append(refusal.code().code())
                .append("\",\"error_message\":");
        // Unexpected errors say nothing of the inside: the request's id is how they are found in the logs.
        JsonStrings.append(
                json,
                refusal.code() == ErrorCode.INTERNAL && requestId != null
                        ? "Unexpected error in request " + requestId
                        : refusal.message());
        json.append(",\"error_details\":[");
        details(json);
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Faults come ordered by record, each record's gravest first; of those about one field the first is told. */
    private void details(StringBuilder json) {
        List<RecordFault> faults = refusal.faults();
        Set<String> told = new HashSet<>();
        int index = -1;
        for (RecordFault each : faults) {
            Fault fault = each.fault();
            if (each.index() != index) {
                if (index >= 0) {
                    json.append("}},");
                }
                index = each.index();
                told.clear();
                json.append("{\"index\":")
                        .append(index)
                        .append(",\"record\":")
                        .append(records.apply(index))
                        .append(",\"errors\":{");
            }
            if (told.add(fault.field())) {
                if (told.size() > 1) {
                    json.append(',');
                }
                JsonStrings.append(json, fault.field());
                json.append(":{\"message\":");
                JsonStrings.append(json, fault.message());
                json.append(",\"rule\":");
                JsonStrings.append(json, fault.rule());
                json.append('}');
            }
        }
        if (index >= 0) {
            json.append("}}");
        }
    }
}

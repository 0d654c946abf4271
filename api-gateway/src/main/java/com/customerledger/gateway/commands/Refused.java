package com.customerledger.gateway.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ledger answered a request with an error that a repetition would not change. */
final class Refused extends CommandFailure {

    private static final long serialVersionUID = 1L;
    private static final int BODY_CHARACTERS_SHOWN = 200;

    /**
     * One field's fault.
     *
     * @param index the record's place in the request, counted from 0; -1 where the answer names none
     */
    record Fault(long index, String field, String message, String rule) {}

    private final transient List<Fault> faults;
    private final int status;

    private Refused(String message, int status, List<Fault> faults) {
        super(message);
        this.status = status;
        this.faults = faults;
    }

    int status() {
        return status;
    }

    /** In the answer's order; empty when it names none. */
    List<Fault> faults() {
        return faults;
    }

    /** Reads the contract's error envelope; an answer that has none, as a proxy's, is shown by its beginning. */
    static Refused of(int status, String body, @Nullable String requestId) {
        String suffix = requestId == null ? "" : ", request " + requestId;
        try {
            if (JsonTree.parse(body) instanceof JsonTree.Members envelope
                    && envelope.get("error_code") instanceof JsonTree.Text code) {
                return new Refused(
                        "HTTP " + status + ", code " + code.value() + ", " + words(envelope.get("error_message"))
                                + suffix,
                        status,
                        faults(envelope.get("error_details")));
            }
        } catch (JsonTree.Malformed e) {
            return new Refused(notTheLedgers(status, body) + suffix, status, List.of());
        }
        return new Refused(notTheLedgers(status, body) + suffix, status, List.of());
    }

    private static String notTheLedgers(int status, String body) {
        String begin = body.strip();
        return "HTTP " + status + ", not the ledger's kind of answer: "
                + begin.substring(0, Math.min(begin.length(), BODY_CHARACTERS_SHOWN));
    }

    private static List<Fault> faults(JsonTree details) {
        List<Fault> faults = new ArrayList<>();
        if (details instanceof JsonTree.Items items) {
            for (JsonTree item : items.values()) {
                if (item instanceof JsonTree.Members record
                        && record.get("errors") instanceof JsonTree.Members errors) {
                    long index = record.get("index") instanceof JsonTree.Numeral n ? Long.parseLong(n.text()) : -1;
                    for (Map.Entry<String, JsonTree> error : errors.values().entrySet()) {
                        faults.add(fault(index, error.getKey(), error.getValue()));
                    }
                }
            }
        }
        return faults;
    }

    private static Fault fault(long index, String field, JsonTree error) {
        return error instanceof JsonTree.Members said
                ? new Fault(index, field, words(said.get("message")), words(said.get("rule")))
                : new Fault(index, field, words(error), "");
    }

    private static String words(JsonTree value) {
        return value instanceof JsonTree.Text text ? text.value() : value.toString();
    }
}

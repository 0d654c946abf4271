package com.customerledger.events.refusal;

import java.util.Comparator;
import java.util.List;

/**
 * A request that is refused as a whole, with nothing of it stored.
 *
 * @param code the answer's error code
 * @param message a static text for people
 * @param faults every fault of every record, in the order of the request; empty when the request itself is at fault
 */
public record Refusal(ErrorCode code, String message, List<RecordFault> faults) {

    public Refusal {
        faults = List.copyOf(faults);
    }

    /** A refusal of the request itself. */
    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(code, message, List.of());
    }

    /**
     * A refusal for the faults of a batch; its code is the lowest among them.
     *
     * @param faults at least one, in any order
     */
    public static Refusal of(List<RecordFault> faults) {
        ErrorCode lowest = faults.stream()
                .map(each -> each.fault().code())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        List<RecordFault> ordered = faults.stream()
                .sorted(Comparator.comparingInt(RecordFault::index)
                        .thenComparing(each -> each.fault().code()))
                .toList();
        return new Refusal(lowest, message(lowest), ordered);
    }

    private static String message(ErrorCode code) {
        return switch (code) {
            case PARAMETER -> "A body parameter is missing, unknown or of the wrong type";
            case LOOKUP -> "A lookup id does not exist or is of another type";
            case VALUE -> "Validation failed";
            case NOT_FOUND -> "Record not found";
            case CONFLICT -> "Conflict with the state of a record";
            default -> throw new IllegalArgumentException("no fault of a record has the code " + code);
        };
    }
}

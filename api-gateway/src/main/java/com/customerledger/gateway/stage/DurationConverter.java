package com.customerledger.gateway.stage;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long something is to be kept up: a whole number and its unit, from 1s to 1h. Thread-safe. */
public final class DurationConverter implements ITypeConverter<Duration> {

    private static final Duration DURATION_MIN = Duration.ofSeconds(1);
    private static final Duration DURATION_MAX = Duration.ofHours(1);

    /** Has no state. */
    public DurationConverter() {}

    @Override
    public Duration convert(String text) {
        try {
            Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (duration.compareTo(DURATION_MIN) >= 0 && duration.compareTo(DURATION_MAX) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' is not a time like 90s, 5m or 1h");
        }
        throw new TypeConversionException("'" + text + "' is not from 1s to 1h");
    }
}

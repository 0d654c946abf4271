package com.customerledger.gateway.http.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a moment: a timestamp in the API's format, or one of RFC 3339, to the microsecond, which is how fine events are.
 * Without a fraction it is a whole second.
 */
final class Moment {

    private static final Pattern FORM = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})([Tt ])"
            + "([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,30}))?([Zz]|[+-][0-9]{2}:[0-9]{2})?");

    private static final int MICRO_DIGITS = 6;
    private static final int LAST_MICRO = 999_999;
    private static final int NANOS_PER_MICRO = 1_000;

    private Moment() {}

    /**
     * Its last microsecond, or null where the text is no moment of the years 1 to 9999.
     *
     * @param zone of a timestamp in the API's format; one that a clock shows twice is the earlier
     */
    static @Nullable Instant read(String text, ZoneId zone) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        String fraction = form.group(8);
        String offset = form.group(9);
        if (offset == null && (fraction != null || !form.group(4).equals(" "))) {
            return null;
        }
        int micros = fraction == null
                ? LAST_MICRO
                : Integer.parseInt((fraction + "0".repeat(MICRO_DIGITS)).substring(0, MICRO_DIGITS));
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(form, 1),
                    number(form, 2),
                    number(form, 3),
                    number(form, 5),
                    number(form, 6),
                    number(form, 7),
                    micros * NANOS_PER_MICRO);
            if (local.getYear() == 0) {
                return null;
            }
            return offset == null
                    ? local.atZone(zone).toInstant()
                    : local.toInstant(ZoneOffset.of(offset.toUpperCase(java.util.Locale.ROOT)));
        } catch (DateTimeException impossible) {
            return null;
        }
    }

    private static int number(Matcher form, int group) {
        return Integer.parseInt(form.group(group));
    }
}

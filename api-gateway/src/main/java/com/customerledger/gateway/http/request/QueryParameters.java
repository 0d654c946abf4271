package com.customerledger.gateway.http.request;

import com.customerledger.events.query.Consistency;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a request's query: each known, once, and well-formed; anything else is refused. */
public final class QueryParameters {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final int DATE_LENGTH = 10;
    private static final int INTEGER_DIGITS_MAX = 9;

    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads them.
     *
     * @param known the names that the call knows
     * @throws RefusedException for an unknown name, a repeated one, or what is not percent-encoded UTF-8
     */
    public static QueryParameters of(HttpServletRequest request, Set<String> known) {
        String query = request.getQueryString();
        if (query == null || query.isEmpty()) {
            return new QueryParameters(Map.of());
        }
        Map<String, String> values = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!known.contains(name)) {
                throw refused("The query has a parameter that this call does not know");
            }
            if (values.put(name, decode(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
                throw refused("The query parameter " + name + " is there twice");
            }
        }
        return new QueryParameters(values);
    }

    /** The parameter's value, or null where it is not there. */
    public @Nullable String text(String name) {
        return values.get(name);
    }

    /** Whether {@code versions=true} is asked for. */
    public boolean versions() {
        String value = text("versions");
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw malformed("versions", "true or false");
    }

    /** How fresh the answer must be. */
    public Consistency consistency() {
        String value = text("consistency");
        if (value == null || value.equals("strong")) {
            return Consistency.STRONG;
        }
        if (value.equals("eventual")) {
            return Consistency.EVENTUAL;
        }
        throw malformed("consistency", "strong or eventual");
    }

    /** A date from year 1 to 9999, or null where the parameter is not there. */
    public @Nullable LocalDate date(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        if (value.length() == DATE_LENGTH) {
            try {
                LocalDate date = LocalDate.parse(value, DATE);
                if (date.getYear() > 0) {
                    return date;
                }
            } catch (DateTimeParseException malformed) {
                throw malformed(name, "a date, yyyy-MM-dd");
            }
        }
        throw malformed(name, "a date, yyyy-MM-dd");
    }

    /**
     * The last microsecond of a moment of the past or of the second that is, or null where the parameter is not there.
     *
     * @param zone the zone of a timestamp in the API's own format
     */
    public @Nullable Instant moment(String name, ZoneId zone, Instant now) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        Instant moment = Moment.read(value, zone);
        if (moment == null) {
            throw malformed(name, "a time, yyyy-MM-dd HH:mm:ss or as RFC 3339 has it (its + written as %2B)");
        }
        if (moment.truncatedTo(ChronoUnit.SECONDS).isAfter(now)) {
            throw malformed(name, "a time that is not in the future");
        }
        return moment;
    }

    /** An integer from 1 to a limit, or null where the parameter is not there. */
    public @Nullable Integer integer(String name, int max) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        boolean digits = !value.isEmpty()
                && value.length() <= INTEGER_DIGITS_MAX
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(value) : 0;
        if (number < 1 || number > max) {
            throw malformed(name, "an integer from 1 to " + max);
        }
        return number;
    }

    /** The refusal of a parameter that is not what it must be. */
    public static RefusedException malformed(String name, String expected) {
        return refused("The query parameter " + name + " must be " + expected);
    }

    private static String decode(String encoded) {
        if (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0) {
            return encoded;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
                int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw refused("The query is not percent-encoded");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        String text = Utf8.decode(bytes.toByteArray());
        if (text == null) {
            throw refused("The query is not percent-encoded UTF-8");
        }
        return text;
    }

    private static RefusedException refused(String message) {
        return new RefusedException(Refusal.of(ErrorCode.REQUEST, message));
    }
}

package com.customerledger.events;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * A creation whose payload is written as {@link EventCodec} writes it, escapes nothing, and says nothing but fields. Nearly
 * all are such. Its values need not be read to be written again: they stand in the payload as they stand in answers.
 *
 * @param merchantId whose customer was created
 * @param status its status, of type {@code customer_status}
 * @param fields every field, null where it has no value, in the fields' order: the members of a JSON object, without its
 *     braces
 */
public record PlainCreation(String merchantId, Lookup status, String fields) {

    private static final String TYPE = "CustomerCreated";
    private static final String BEFORE_FIELDS = "\",\"personal\":{\"format\":" + Personal.FORMAT + ",\"fields\":{";
    private static final String END = "}}}";

    /** So many digits are surely an int. */
    private static final int DIGITS_MAX = 9;

    /**
     * The creation that a payload tells of, or null where it has to be read: it is another event, or written in another way.
     * What reading would refuse is never plain.
     *
     * @param customerId from the aggregate's column
     */
    public static @Nullable PlainCreation of(String type, int revision, String customerId, String payload) {
        if (!type.equals(TYPE)
                || revision != Upcasters.newest(TYPE)
                || !isPlain(customerId)
                || customerId.indexOf('"') >= 0
                || !isPlain(payload)
                || !payload.startsWith(EventCodec.BEGINNING)
                || !payload.endsWith(END)) {
            return null;
        }
        int merchantEnd = payload.indexOf('"', EventCodec.BEGINNING.length());
        if (!payload.startsWith(BEFORE_FIELDS, merchantEnd)) {
            return null;
        }
        Fields fields = new Fields(payload, merchantEnd + BEFORE_FIELDS.length(), payload.length() - END.length());
        Lookup status = fields.read() ? Lookup.find(fields.status, Lookup.Type.CUSTOMER_STATUS) : null;
        return status == null
                ? null
                : new PlainCreation(
                        payload.substring(EventCodec.BEGINNING.length(), merchantEnd),
                        status,
                        fields.members.toString());
    }

    /** Whether each character of a string in it stands for itself. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c < ' ') {
                return false;
            }
        }
        return true;
    }

    /** Nothing of the fields: they are personal, and texts like this one end in logs. */
    @Override
    public String toString() {
        return "PlainCreation[" + merchantId + "]";
    }

    /** Walks through the members of the fields, which stand in the fields' order. */
    private static final class Fields {

        private final String payload;
        private final int end;
        private final StringBuilder members;
        private int at;
        private @Nullable String status;

        Fields(String payload, int at, int end) {
            this.payload = payload;
            this.at = at;
            this.end = end;
            this.members = new StringBuilder(end - at + 128);
        }

        /** False where they are not written as expected. */
        boolean read() {
            for (CustomerField field : CustomerField.all()) {
                if (!members.isEmpty()) {
                    members.append(',');
                }
                int start = at;
                if (!skipName(field.json())) {
                    members.append('"').append(field.json()).append("\":null");
                    continue;
                }
                int value = at;
                if (!skipValue(field)) {
                    return false;
                }
                if (field == CustomerField.CUSTOMER_STATUS && payload.charAt(value) == '"') {
                    status = payload.substring(value + 1, at - 1);
                }
                members.append(payload, start, at);
                if (at < end) {
                    if (payload.charAt(at) != ',' || at + 1 == end) {
                        return false;
                    }
                    at++;
                }
            }
            return at == end;
        }

        private boolean skipName(String name) {
            int behind = at + name.length() + 3;
            if (behind > end
                    || payload.charAt(at) != '"'
                    || !payload.startsWith(name, at + 1)
                    || payload.charAt(behind - 2) != '"'
                    || payload.charAt(behind - 1) != ':') {
                return false;
            }
            at = behind;
            return true;
        }

        private boolean skipValue(CustomerField field) {
            if (at == end) {
                return false;
            }
            char first = payload.charAt(at);
            if (first == '"') {
                at = payload.indexOf('"', at + 1) + 1;
                return at > 0 && at <= end;
            }
            if (first == '{') {
                return skipObject(field);
            }
            return skipDigits();
        }

        /** The metadata are the last field, so that they end where the fields do. */
        private boolean skipObject(CustomerField field) {
            if (field != CustomerField.METADATA || payload.charAt(end - 1) != '}') {
                return false;
            }
            String object = payload.substring(at, end);
            at = end;
            try (JsonParser parser = Json.stored(object)) {
                parser.nextToken();
                parser.skipChildren();
                return parser.currentToken() != null && parser.nextToken() == null;
            } catch (JacksonException notJson) {
                return false;
            }
        }

        private boolean skipDigits() {
            int start = at;
            while (at < end && payload.charAt(at) >= '0' && payload.charAt(at) <= '9') {
                at++;
            }
            int digits = at - start;
            return digits > 0 && digits <= DIGITS_MAX && (digits == 1 || payload.charAt(start) != '0');
        }
    }
}

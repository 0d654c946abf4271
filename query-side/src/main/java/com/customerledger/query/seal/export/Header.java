package com.customerledger.query.seal.export;

import com.customerledger.events.json.Json;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What an export says of itself in its first line.
 *
 * @param merchantId whose events
 * @param from the first number that was asked for, or null
 * @param to the last number that was asked for, or null
 * @param first the number of the first event
 * @param last the number of the last event
 * @param epoch the epoch of the head
 * @param origin the log that the head is of, and its key's name
 * @param head the head that every proof leads to, as a signed note
 */
record Header(
        String merchantId,
        @Nullable Long from,
        @Nullable Long to,
        long first,
        long last,
        int epoch,
        String origin,
        String head) {

    static final String FORMAT = "customer-ledger-export/1";

    String json() {
        return Json.text(out -> {
            out.writeStartObject();
            out.writeStringProperty("format", FORMAT);
            out.writeStringProperty("merchant", merchantId);
            number(out, "from", from);
            number(out, "to", to);
            out.writeNumberProperty("first", first);
            out.writeNumberProperty("last", last);
            out.writeNumberProperty("epoch", epoch);
            out.writeStringProperty("origin", origin);
            out.writeStringProperty("head", head);
            out.writeEndObject();
        });
    }

    private static void number(JsonGenerator out, String name, @Nullable Long number) {
        if (number == null) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, number);
        }
    }

    static Header of(String json) throws BrokenException {
        Map<String, String> values = Texts.members(json, new ArrayList<>());
        if (!Objects.equals(values.get("format"), FORMAT)) {
            throw new BrokenException("it is not of the format " + FORMAT);
        }
        return new Header(
                Texts.text(values, "merchant"),
                values.containsKey("from") ? Texts.number(values, "from") : null,
                values.containsKey("to") ? Texts.number(values, "to") : null,
                Texts.number(values, "first"),
                Texts.number(values, "last"),
                (int) Texts.number(values, "epoch"),
                Texts.text(values, "origin"),
                Texts.text(values, "head"));
    }
}

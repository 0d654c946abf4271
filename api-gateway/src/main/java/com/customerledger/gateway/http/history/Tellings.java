package com.customerledger.gateway.http.history;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.json.Json;
import com.customerledger.events.query.HistoryQueries.Setting;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.gateway.keys.KeyNames;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;

/** Writes events as merchants are told of them, with the names of the keys that caused them. Thread-safe. */
@Component
final class Tellings {

    /** The number of the format in which a feed tells events; it grows when an old number would read otherwise. */
    static final int FORMAT = 1;

    private final KeyNames names;

    Tellings(KeyNames names) {
        this.names = names;
    }

    /** An event of a customer's history, JSON in UTF-8. */
    byte[] inHistory(ToldEvent event) {
        return complete(
                Json.text(out -> {
                    out.writeStartObject();
                    out.writeNumberProperty("number", event.number());
                    key(out, event.keyId());
                    out.writeEndObject();
                }),
                event);
    }

    /** An event of a merchant's feed, JSON in UTF-8 on one line. */
    byte[] inFeed(ToldEvent event) {
        return complete(
                Json.text(out -> {
                    out.writeStartObject();
                    out.writeNumberProperty("format", FORMAT);
                    out.writeNumberProperty("number", event.number());
                    out.writeStringProperty("customer_id", event.customerId());
                    key(out, event.keyId());
                    out.writeEndObject();
                }),
                event);
    }

    /** The entry's own members come behind those that are written here. */
    private static byte[] complete(String head, ToldEvent event) {
        String open = head.substring(0, head.length() - 1);
        return (open + "," + event.entry()).getBytes(StandardCharsets.UTF_8);
    }

    /** Who set each field, JSON in UTF-8. */
    byte[] blame(Map<CustomerField, Setting> settings) {
        return Json.text(out -> {
                    out.writeStartObject();
                    settings.forEach((field, setting) -> {
                        out.writeName(field.json());
                        write(out, setting);
                    });
                    out.writeEndObject();
                })
                .getBytes(StandardCharsets.UTF_8);
    }

    private void write(JsonGenerator out, Setting setting) {
        out.writeStartObject();
        out.writeName("value");
        out.writeRawValue(setting.value());
        out.writeStringProperty("since", setting.at());
        out.writeNumberProperty("number", setting.number());
        out.writeNumberProperty("version", setting.version());
        out.writeStringProperty("type", setting.type());
        key(out, setting.keyId());
        text(out, "actor", setting.actor());
        text(out, "reason", setting.reason());
        text(out, "request_id", setting.requestId());
        out.writeEndObject();
    }

    private void key(JsonGenerator out, String id) {
        out.writeObjectPropertyStart("key");
        out.writeStringProperty("id", id);
        text(out, "name", names.of(id));
        out.writeEndObject();
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) {
        if (value == null) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, value);
        }
    }
}

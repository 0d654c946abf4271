package com.customerledger.gateway.soak;

import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;

/** Bodies of requests. */
final class Bodies {

    /** Where an update leaves its mark. */
    static final String MARK = "billing_address_line_1";

    private Bodies() {}

    /** Records, each written by its turn, as one body. */
    static <T> String of(List<T> records, Consumer<Turn<T>> each) {
        return Json.text(out -> {
            out.writeStartObject();
            out.writeArrayPropertyStart("records");
            for (T record : records) {
                out.writeStartObject();
                each.accept(new Turn<>(out, record));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** The turn of one record. */
    record Turn<T>(JsonGenerator out, T record) {}

    /** New customers with those references: persons for whom every payment may start. */
    static String create(List<String> references) {
        return of(references, turn -> {
            JsonGenerator out = turn.out();
            out.writeStringProperty("reference", turn.record());
            out.writeStringProperty("person_name", "Nomvulā");
            out.writeStringProperty("person_surname", "d'Öliveira-\uD83D\uDE00");
            out.writeStringProperty("id_type_lookups_id", Lookup.PASSPORT.id());
            out.writeStringProperty("id_number", "A1234567");
            out.writeStringProperty("contact_number", "+27831234567");
            out.writeStringProperty("email", "soak@example.co.za");
            out.writeNumberProperty("postal_code", 7_405);
            out.writeObjectPropertyStart("metadata");
            out.writeStringProperty("from", turn.record());
            out.writeName("amount");
            out.writeRawValue("1.10");
            out.writeEndObject();
        });
    }

    /** The references of a batch, numbered. */
    static List<String> references(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    /** The same mark for each of those customers. */
    static String mark(List<String> ids, String mark) {
        return of(ids, turn -> {
            turn.out().writeStringProperty("id", turn.record());
            turn.out().writeStringProperty(MARK, mark);
        });
    }

    /** Another status for each of those customers. */
    static String status(List<String> ids, Lookup status) {
        return of(ids, turn -> {
            turn.out().writeStringProperty("id", turn.record());
            turn.out().writeStringProperty("customer_status_lookups_id", status.id());
        });
    }

    /** One payment. */
    static String start(String paymentId, String customerId, String method) {
        return of(List.of(paymentId), turn -> {
            turn.out().writeStringProperty("payment_id", turn.record());
            turn.out().writeStringProperty("customer_id", customerId);
            turn.out().writeStringProperty("method", method);
        });
    }

    /** The end of one payment. */
    static String stop(String paymentId, String customerId) {
        return of(List.of(paymentId), turn -> {
            turn.out().writeStringProperty("payment_id", turn.record());
            turn.out().writeStringProperty("customer_id", customerId);
        });
    }
}

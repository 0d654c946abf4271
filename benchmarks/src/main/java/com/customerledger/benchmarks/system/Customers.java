package com.customerledger.benchmarks.system;

import com.customerledger.events.customer.Lookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Bodies of requests for customers that no other request has made. Thread-safe. */
final class Customers {

    /** One customer of so many has the status that a filtered list asks for. */
    static final int RARE_EVERY = 100;

    static final Lookup RARE = Lookup.DISABLED;

    private static final String ID = "\"id\":\"cus_";
    private static final int ID_CHARACTERS = 25;

    private final AtomicLong made = new AtomicLong();

    /** A record as a merchant may send it, of about the size of the samples'. */
    private static void record(StringBuilder out, long number) {
        out.append("{\"reference\":\"BNC").append(1_000_000_000L + number);
        out.append("\",\"person_name\":\"Nomvulā\",\"person_surname\":\"Dlamini-")
                .append(number % 9_973);
        out.append("\",\"id_type_lookups_id\":\"").append(Lookup.PASSPORT.id());
        out.append("\",\"id_number\":\"A").append(1_000_000 + number % 8_999_999);
        out.append("\",\"email\":\"customer.").append(number).append("@home.example.net");
        out.append("\",\"contact_number\":\"+27 62 143 6265\",\"billing_address_line_1\":\"");
        out.append(number % 400).append(" New River Road\",\"city_or_town\":\"Potchefstroom\",\"postal_code\":2525");
        if (number % RARE_EVERY == 0) {
            out.append(",\"customer_status_lookups_id\":\"").append(RARE.id()).append('"');
        }
        out.append(",\"metadata\":{\"home_language\":\"isiXhosa\",\"credit_limit\":34331.00}}");
    }

    /** A body that creates so many. */
    byte[] create(int count) {
        long first = made.getAndAdd(count) + 1;
        StringBuilder body = new StringBuilder(count * 480).append("{\"records\":[");
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                body.append(',');
            }
            record(body, first + i);
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** One record alone, for a file. */
    String line() {
        StringBuilder line = new StringBuilder(480);
        record(line, made.incrementAndGet());
        return line.toString();
    }

    /** A body that gives each of those customers another address than ever before. */
    byte[] update(List<String> ids) {
        long first = made.getAndAdd(ids.size()) + 1;
        StringBuilder body = new StringBuilder(ids.size() * 120).append("{\"records\":[");
        for (int i = 0; i < ids.size(); i++) {
            body.append(i > 0 ? "," : "").append("{\"id\":\"").append(ids.get(i));
            body.append("\",\"billing_address_line_1\":\"").append(first + i).append(" Long Street\"}");
        }
        return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The ids in an answer, in its order. */
    static List<String> ids(String answer) {
        List<String> ids = new ArrayList<>();
        for (int at = answer.indexOf(ID); at >= 0; at = answer.indexOf(ID, at + ID.length())) {
            int start = at + ID.length() - "cus_".length();
            ids.add(answer.substring(start, start + ID_CHARACTERS));
        }
        return ids;
    }
}

package com.customerledger.gateway.http;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Bodies of requests. */
final class Bodies {

    private static final AtomicInteger REFERENCES = new AtomicInteger();

    private Bodies() {}

    /** The body with those records, written as JSON. */
    static String records(String... records) {
        return Arrays.stream(records).collect(Collectors.joining(",", "{\"records\":[", "]}"));
    }

    /** A reference that no other test uses. */
    static String reference() {
        return "ref-" + REFERENCES.incrementAndGet();
    }

    /** A company to create, with further members written as JSON, each followed by a comma. */
    static String company(String... members) {
        return "{" + String.join("", members) + "\"reference\":\"" + reference() + "\",\"company_name\":\"Acme\"}";
    }

    /** A person to create that DebiCheck takes. */
    static String person() {
        return "{\"reference\":\"" + reference() + "\",\"person_name\":\"Thandi\",\"person_surname\":\"Nkosi\","
                + "\"id_type_lookups_id\":\"loo_86wQzYR1OroPfvgTW5lbh\",\"id_number\":\"8001015009087\","
                + "\"contact_number\":\"+27831234567\"}";
    }
}

package com.customerledger.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer as it came. */
public final class Reply {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final int status;
    private final Map<String, List<String>> headers = new TreeMap<>();
    private final byte[] body;

    Reply(int status, Map<String, List<String>> headers, byte[] body) {
        this.status = status;
        headers.forEach((name, values) -> this.headers.put(name.toLowerCase(Locale.ROOT), values));
        this.body = body;
    }

    /** The status. */
    public int status() {
        return status;
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    /** The body as it came. */
    public byte[] body() {
        return body;
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body, read as JSON. */
    public JsonNode json() {
        return MAPPER.readTree(body);
    }

    /** The value at a JSON pointer, as text. */
    public String at(String pointer) {
        return json().at(pointer).asString();
    }

    /** The error's code, empty where there is none. */
    public String code() {
        return at("/error_code");
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + text();
    }
}

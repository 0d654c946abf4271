package com.customerledger.events.json;

import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The ledger's one JSON factory: RFC 8259 and nothing beside it, names unique in each object, nested to at most
 * {@link #LEVELS_MAX} levels. Lengths are the caller's to bound, by the size of what is read. Thread-safe.
 */
public final class Json {

    /** How deep a request's body may be nested. */
    public static final int LEVELS_MAX = 1_000;

    /** Reads and writes as this class says. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(LEVELS_MAX)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /** What the body writes, as text. */
    public static String text(Consumer<JsonGenerator> body) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            body.accept(out);
        }
        return text.toString();
    }
}

package com.customerledger.events.json;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
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

    private static final JsonFactory FACTORY = JsonFactory.builder()
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

    /** A parser of a text, which stands before its first token. */
    public static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** A parser of a stream in UTF-8, which stands before its first token; closing it closes the stream. */
    public static JsonParser parser(InputStream in) {
        return FACTORY.createParser(ObjectReadContext.empty(), in);
    }

    /** Writes JSON as characters. */
    public static JsonGenerator generator(Writer out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** Writes JSON in UTF-8. */
    public static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** What the body writes, as text. */
    public static String text(Consumer<JsonGenerator> body) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator out = generator(text)) {
            body.accept(out);
        }
        return text.toString();
    }
}

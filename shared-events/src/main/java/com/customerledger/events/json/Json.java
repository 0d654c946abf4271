package com.customerledger.events.json;

import java.io.ByteArrayOutputStream;
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

    private static final JsonFactory STORED = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(LEVELS_MAX)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final JsonFactory FACTORY = STORED.rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** A parser of a text, which stands before its first token. */
    public static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** The same for a text that this ledger wrote and stored itself: that its names are unique need not be asked again. */
    public static JsonParser stored(String text) {
        return STORED.createParser(ObjectReadContext.empty(), text);
    }

    /** The same for a stream in UTF-8; closing the parser closes the stream. */
    public static JsonParser stored(InputStream in) {
        return STORED.createParser(ObjectReadContext.empty(), in);
    }

    /**
     * The object or array that the parser stands on the start of, as it is written; the parser then stands on its end.
     *
     * @param text all that the parser parses
     */
    public static String asWritten(JsonParser parser, String text) {
        int start = offset(parser);
        parser.skipChildren();
        return text.substring(start, offset(parser) + 1);
    }

    /** Where the token that the parser stands on begins, in characters of the text that it parses. */
    public static int offset(JsonParser parser) {
        return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
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

    /** What the body writes, in UTF-8. */
    public static byte[] bytes(Consumer<JsonGenerator> body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator out = generator(bytes)) {
            body.accept(out);
        }
        return bytes.toByteArray();
    }
}

package com.customerledger.query.seal.export;

import com.customerledger.events.audit.ExportRequest.Format;
import com.customerledger.events.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an export's lines are written and read, without their ends. What is read was written in exactly that way: one value
 * has one spelling. Thread-safe.
 */
enum Lines {
    /** An object a line. */
    NDJSON(Format.NDJSON, '{') {

        @Override
        @Nullable String names() {
            return null;
        }

        @Override
        String wrapped(String json) {
            return json;
        }

        @Override
        String unwrapped(String line) {
            return line;
        }

        @Override
        String written(ExportedEvent event) {
            return Json.text(out -> {
                out.writeStartObject();
                Texts.write(out, event);
                out.writeEndObject();
            });
        }

        @Override
        ExportedEvent parsed(String line) throws BrokenException {
            List<String> proof = new ArrayList<>();
            return Texts.event(Texts.members(line, proof), proof);
        }
    },

    /**
     * RFC 4180, but with line feeds. The first line and the last one are one value each: what stands in the other format's
     * lines. Behind the first one are the columns' names.
     */
    CSV(Format.CSV, '"') {

        @Override
        String names() {
            return String.join(",", Texts.COLUMNS) + "," + Texts.PROOF;
        }

        @Override
        String wrapped(String json) {
            return Csv.quoted(json);
        }

        @Override
        String unwrapped(String line) throws BrokenException {
            List<String> values = Csv.values(line);
            if (values.size() != 1) {
                throw new BrokenException("it is not one value");
            }
            return values.get(0);
        }

        @Override
        String written(ExportedEvent event) {
            StringBuilder line = new StringBuilder(1_024);
            for (String value : Texts.of(event)) {
                line.append(Csv.value(value)).append(',');
            }
            return line.append(String.join(
                            " ", event.proof().stream().map(Texts::hash).toList()))
                    .toString();
        }

        @Override
        ExportedEvent parsed(String line) throws BrokenException {
            List<String> values = Csv.values(line);
            if (values.size() != Texts.COLUMNS.size() + 1) {
                throw new BrokenException("it has " + values.size() + " values");
            }
            Map<String, String> byName = new HashMap<>();
            for (int i = 0; i < Texts.COLUMNS.size(); i++) {
                byName.put(Texts.COLUMNS.get(i), values.get(i));
            }
            String proof = values.get(values.size() - 1);
            return Texts.event(byName, proof.isEmpty() ? List.of() : List.of(proof.split(" ", -1)));
        }
    };

    private static final String STATEMENT = "statement";

    private final Format format;
    private final char begin;

    Lines(Format format, char begin) {
        this.format = format;
        this.begin = begin;
    }

    /** Those of a format. */
    static Lines of(Format format) {
        for (Lines lines : values()) {
            if (lines.format == format) {
                return lines;
            }
        }
        throw new IllegalStateException("no lines of " + format);
    }

    /** Those of a file that begins with that byte, or null. */
    static @Nullable Lines of(int firstByte) {
        for (Lines lines : values()) {
            if (lines.begin == firstByte) {
                return lines;
            }
        }
        return null;
    }

    Format format() {
        return format;
    }

    /** The columns' names, which stand behind the first line; null where no line has them. */
    abstract @Nullable String names();

    abstract String wrapped(String json);

    abstract String unwrapped(String line) throws BrokenException;

    abstract String written(ExportedEvent event);

    abstract ExportedEvent parsed(String line) throws BrokenException;

    /** The first line. */
    String header(Header header) {
        return wrapped(header.json());
    }

    /** The header that the first line is. */
    Header header(String line) throws BrokenException {
        Header header = Header.of(unwrapped(line));
        same(header(header), line);
        return header;
    }

    /** The event that a line is. */
    ExportedEvent event(String line) throws BrokenException {
        ExportedEvent event = parsed(line);
        same(written(event), line);
        return event;
    }

    /** The last line: a signed note. */
    String statement(String note) {
        return wrapped(Json.text(out -> {
            out.writeStartObject();
            out.writeStringProperty(STATEMENT, note);
            out.writeEndObject();
        }));
    }

    /** Whether a line begins like the last one. */
    boolean isStatement(String line) {
        String begins = statement("");
        return line.startsWith(begins.substring(0, begins.lastIndexOf(':')));
    }

    /** The note that the last line is. */
    String note(String line) throws BrokenException {
        String note = Texts.text(Texts.members(unwrapped(line), new ArrayList<>()), STATEMENT);
        same(statement(note), line);
        return note;
    }

    private static void same(String written, String read) throws BrokenException {
        if (!written.equals(read)) {
            throw new BrokenException("it is not written as an export writes it");
        }
    }
}

package com.customerledger.query.seal.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads an export's lines one by one, with their numbers and places. For one thread. */
final class LineReader {

    /** More than any line that the ledger writes has. */
    static final int LINE_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 64 << 10;

    private final InputStream in;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int read;
    private int at;
    private long offset;
    private long number;
    private @Nullable Lines format;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** A line, of one line feed or, in CSV, more where values have them. */
    static final class Line {

        private final long number;
        private final long begin;
        private final byte[] bytes;
        private final boolean whole;

        Line(long number, long begin, byte[] bytes, boolean whole) {
            this.number = number;
            this.begin = begin;
            this.bytes = bytes;
            this.whole = whole;
        }

        /** From 1. */
        long number() {
            return number;
        }

        /** How many bytes are before it. */
        long begin() {
            return begin;
        }

        /** With its end. */
        byte[] bytes() {
            return bytes;
        }

        /** Whether it has an end. */
        boolean isWhole() {
            return whole;
        }
    }

    /** How the lines are written, by the first byte; null before that, and when it is none that any export begins with. */
    @Nullable Lines format() {
        return format;
    }

    /** The next line, or null behind the last one. */
    @Nullable Line next() throws IOException, BrokenException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long begin = offset;
        long first = number + 1;
        boolean quoted = false;
        while (true) {
            if (at == read) {
                read = in.read(buffer);
                at = 0;
                if (read < 0) {
                    read = 0;
                    return line.size() == 0 ? null : new Line(first, begin, line.toByteArray(), false);
                }
            }
            if (offset == 0) {
                format = Lines.of(buffer[0]);
            }
            int end = at;
            boolean ended = false;
            while (end < read && !ended) {
                byte each = buffer[end++];
                if (each == '"' && format == Lines.CSV) {
                    quoted = !quoted;
                } else if (each == '\n') {
                    number++;
                    ended = !quoted;
                }
            }
            line.write(buffer, at, end - at);
            offset += end - at;
            at = end;
            if (ended) {
                return new Line(first, begin, line.toByteArray(), true);
            }
            if (line.size() > LINE_BYTES_MAX) {
                throw new BrokenException("line " + first + ": it has no end");
            }
        }
    }

    /** A line's text without its end. */
    String text(Line line) throws BrokenException {
        int length = line.bytes().length - (line.isWhole() ? 1 : 0);
        try {
            return utf8.decode(ByteBuffer.wrap(line.bytes(), 0, length)).toString();
        } catch (CharacterCodingException e) {
            throw new BrokenException("it is not UTF-8", e);
        }
    }
}

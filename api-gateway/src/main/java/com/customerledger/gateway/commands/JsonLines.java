package com.customerledger.gateway.commands;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file of JSON objects, one a line (NDJSON), read as bytes so that what is sent is exactly what stands in the file.
 * Blank lines and a byte order mark at the beginning are passed over; a carriage return before a line's end is blank
 * space to JSON. Memory does not grow with the file.
 *
 * <p>For one thread. The file must not change while it is read.
 */
final class JsonLines implements AutoCloseable {

    /** A record's metadata has at most 16 KiB, so a longer line is a file of another kind. */
    static final int LINE_BYTES_MAX = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final char REPLACEMENT = '\uFFFD';
    private static final String NO_OBJECT = "is not a JSON object";
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path path;
    private final FileChannel channel;

    private JsonLines(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static JsonLines open(Path path) throws IOException {
        return new JsonLines(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    /** A line that is not blank: its number, counted from 1, where it begins in the file, and its bytes. */
    @SuppressWarnings("ArrayRecordComponent") // Lines are handed on and never compared.
    record Line(long number, long offset, byte[] bytes) {

        /**
         * The object that the line holds.
         *
         * @throws JsonTree.Malformed when it holds anything else
         */
        JsonTree.Members parse() throws JsonTree.Malformed {
            if (JsonTree.parse(text()) instanceof JsonTree.Members members) {
                return members;
            }
            throw new JsonTree.Malformed(NO_OBJECT);
        }

        /**
         * The same without keeping what the line holds.
         *
         * @throws JsonTree.Malformed when {@link #parse} would throw it
         */
        void check() throws JsonTree.Malformed {
            if (!JsonTree.isObject(text())) {
                throw new JsonTree.Malformed(NO_OBJECT);
            }
        }

        private String text() throws JsonTree.Malformed {
            if (bytes.length > LINE_BYTES_MAX) {
                throw new JsonTree.Malformed("is longer than " + LINE_BYTES_MAX + " bytes");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            // This constructor is several times as fast as a decoder that says what is wrong, and puts this character
            // in place of whatever is. It may stand in the file too.
            if (text.indexOf(REPLACEMENT) < 0) {
                return text;
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new JsonTree.Malformed("is not UTF-8", e);
            }
        }
    }

    /** Takes a file's lines one by one. */
    interface LineReader {

        /** Takes the next one; false when it wants no more. */
        boolean accept(Line line) throws IOException;
    }

    Path path() {
        return path;
    }

    /**
     * Hands on the lines in order until the reader wants no more. Of a line longer than the limit only the first bytes are
     * handed on, one too many.
     */
    void forEach(LineReader reader) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        byte[] begun = new byte[1024];
        int begunBytes = 0;
        long number = 1;
        long begin = 0;
        long position = 0;
        for (int read; (read = channel.read(ByteBuffer.wrap(buffer), position)) >= 0; position += read) {
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n') {
                    boolean goesOn;
                    if (begunBytes == 0) {
                        goesOn = handOn(reader, number, begin, buffer, from, i);
                    } else {
                        begun = append(begun, begunBytes, buffer, from, i);
                        begunBytes = Math.min(begunBytes + i - from, LINE_BYTES_MAX + 1);
                        goesOn = handOn(reader, number, begin, begun, 0, begunBytes);
                        begunBytes = 0;
                    }
                    if (!goesOn) {
                        return;
                    }
                    number++;
                    from = i + 1;
                    begin = position + from;
                }
            }
            begun = append(begun, begunBytes, buffer, from, read);
            begunBytes = Math.min(begunBytes + read - from, LINE_BYTES_MAX + 1);
        }
        handOn(reader, number, begin, begun, 0, begunBytes);
    }

    /** Puts bytes behind the first {@code length}, as far as a line may be long and one more; returns where they are. */
    private static byte[] append(byte[] line, int length, byte[] bytes, int from, int to) {
        int whole = Math.min(length + to - from, LINE_BYTES_MAX + 1);
        byte[] longer = whole <= line.length
                ? line
                : Arrays.copyOf(line, Math.min(Math.max(whole, 2 * line.length), LINE_BYTES_MAX + 1));
        System.arraycopy(bytes, from, longer, length, whole - length);
        return longer;
    }

    private static boolean handOn(LineReader reader, long number, long begin, byte[] bytes, int from, int to)
            throws IOException {
        int mark = begin == 0
                        && to - from >= BYTE_ORDER_MARK.length
                        && Arrays.equals(
                                bytes, from, from + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)
                ? BYTE_ORDER_MARK.length
                : 0;
        for (int i = from + mark; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return reader.accept(new Line(number, begin + mark, Arrays.copyOfRange(bytes, from + mark, to)));
            }
        }
        return true;
    }

    /** Reads a line again that {@link #forEach} handed on. */
    Line reread(long number, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException(path + " became shorter while it was read");
            }
        }
        return new Line(number, offset, bytes.array());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

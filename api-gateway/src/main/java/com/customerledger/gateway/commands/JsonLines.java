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
            if (bytes.length > LINE_BYTES_MAX) {
                throw new JsonTree.Malformed("is longer than " + LINE_BYTES_MAX + " bytes");
            }
            String text;
            try {
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new JsonTree.Malformed("is not UTF-8", e);
            }
            if (JsonTree.parse(text) instanceof JsonTree.Members members) {
                return members;
            }
            throw new JsonTree.Malformed("is not a JSON object");
        }
    }

    interface LineReader {
        void accept(Line line) throws IOException;
    }

    Path path() {
        return path;
    }

    /** Hands on every line in order. Of a line longer than the limit only the first bytes are handed on, one too many. */
    void forEach(LineReader reader) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        byte[] line = new byte[1024];
        int length = 0;
        long number = 1;
        long begin = 0;
        long position = 0;
        boolean ended = false;
        while (!ended) {
            buffer.clear();
            ended = channel.read(buffer, position) < 0;
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte read = buffer.get();
                position++;
                if (read == '\n') {
                    handOn(reader, number, begin, line, length);
                    number++;
                    begin = position;
                    length = 0;
                } else if (length <= LINE_BYTES_MAX) {
                    if (length == line.length) {
                        line = Arrays.copyOf(line, Math.min(length * 2, LINE_BYTES_MAX + 1));
                    }
                    line[length++] = read;
                }
            }
        }
        handOn(reader, number, begin, line, length);
    }

    private static void handOn(LineReader reader, long number, long begin, byte[] line, int length) throws IOException {
        int from = begin == 0
                        && length >= BYTE_ORDER_MARK.length
                        && Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)
                ? BYTE_ORDER_MARK.length
                : 0;
        for (int i = from; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                reader.accept(new Line(number, begin + from, Arrays.copyOfRange(line, from, length)));
                return;
            }
        }
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

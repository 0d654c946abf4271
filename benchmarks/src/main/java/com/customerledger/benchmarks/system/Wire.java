package com.customerledger.benchmarks.system;

import com.customerledger.gateway.stage.PlayFailure;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that is kept open. The client shares its processors with what it measures, so it does no more
 * than the protocol asks for: one write a request, and the answer's bytes are handed on as they come. For one thread.
 */
final class Wire implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEAD_BYTES_MAX = 1 << 14;
    private static final int SHOWN_BYTES_MAX = 400;
    private static final int ANSWER_MAX_MS = 120_000;

    private final int port;
    private final String headers;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean isAtItsEnd;
    private int position;
    private int limit;
    private long firstByteNanos;

    /**
     * @param port of a server on 127.0.0.1
     * @param credentials key and secret with a colon between them
     */
    Wire(int port, String credentials) throws IOException {
        this.port = port;
        socket = open(port);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        headers = " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(credentials.strip().getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static Socket open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MAX_MS);
        return socket;
    }

    /** Takes the bytes of a body as they come. */
    @FunctionalInterface
    interface Sink {

        /** Takes nothing. */
        Sink NONE = (bytes, offset, length) -> {};

        void take(byte[] bytes, int offset, int length);
    }

    /**
     * An answer that was read to its end.
     *
     * @param firstByte from before the request was sent until the answer's first byte was there
     */
    record Answer(int status, Duration firstByte, long bytes) {

        /** Whether the ledger has put the request off. */
        boolean isUnavailable() {
            return status == 503;
        }
    }

    /** GET. */
    Answer get(String target, Sink sink) throws IOException {
        return send(("GET " + target + headers + "\r\n").getBytes(StandardCharsets.US_ASCII), sink);
    }

    /** POST of JSON. */
    Answer post(String target, byte[] body, Sink sink) throws IOException {
        byte[] head = ("POST " + target + headers + "Content-Type: application/json\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return send(request, sink);
    }

    /** The body's text of a GET, which has to succeed. */
    String text(String target) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        get(target, body::write);
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Sends it; any other answer than a success or one that puts it off is a failure. */
    private Answer send(byte[] request, Sink sink) throws IOException {
        long start = System.nanoTime();
        firstByteNanos = 0;
        if (isAtItsEnd) {
            socket.close();
            socket = open(port);
            in = socket.getInputStream();
            out = socket.getOutputStream();
            position = 0;
            limit = 0;
        }
        out.write(request);
        String head = head();
        int status = Integer.parseInt(head.substring(9, 12));
        Duration firstByte = Duration.ofNanos(firstByteNanos - start);
        ByteArrayOutputStream refusal = new ByteArrayOutputStream();
        Sink taker = status == 200 ? sink : refusal::write;
        String names = head.toLowerCase(Locale.ROOT);
        isAtItsEnd = names.contains("\r\nconnection: close");
        long bytes = names.contains("\r\ntransfer-encoding: chunked")
                ? chunks(taker)
                : body(Long.parseLong(header(names, "\r\ncontent-length: ")), taker);
        Answer answer = new Answer(status, firstByte, bytes);
        PlayFailure.unless(
                status == 200 || answer.isUnavailable(),
                () -> "200 was promised: " + status + " "
                        + refusal.toString(StandardCharsets.UTF_8)
                                .substring(0, Math.min(refusal.size(), SHOWN_BYTES_MAX)));
        return answer;
    }

    private static String header(String head, String name) throws IOException {
        int start = head.indexOf(name);
        if (start < 0) {
            throw new IOException("an answer without a length");
        }
        return head.substring(start + name.length(), head.indexOf('\r', start + name.length()));
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder(512);
        while (head.length() < HEAD_BYTES_MAX) {
            head.append((char) next());
            int length = head.length();
            if (length >= 4 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n') {
                return head.toString();
            }
        }
        throw new IOException("the head of an answer does not end");
    }

    private long chunks(Sink sink) throws IOException {
        long bytes = 0;
        while (true) {
            StringBuilder size = new StringBuilder(8);
            for (int c = next(); c != '\n'; c = next()) {
                size.append((char) c);
            }
            long length = Long.parseLong(size.toString().strip(), 16);
            body(length, sink);
            bytes += length;
            next();
            next();
            if (length == 0) {
                return bytes;
            }
        }
    }

    private long body(long length, Sink sink) throws IOException {
        for (long left = length; left > 0; ) {
            if (position == limit) {
                fill();
            }
            int part = (int) Math.min(left, limit - position);
            sink.take(buffer, position, part);
            position += part;
            left -= part;
        }
        return length;
    }

    private int next() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++];
    }

    private void fill() throws IOException {
        limit = in.read(buffer);
        position = 0;
        if (limit < 0) {
            limit = 0;
            throw new EOFException("the server has closed the connection");
        }
        if (firstByteNanos == 0) {
            firstByteNanos = System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package com.customerledger.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A connection that sends whatever it is told to, byte by byte. */
final class RawConnection implements AutoCloseable {

    private static final int ANSWER_MAX_MS = 30_000;

    private final Socket socket;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(ANSWER_MAX_MS);
    }

    /** Sends; one byte for each character. */
    RawConnection send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends no more, and goes on reading. */
    RawConnection finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    Socket socket() {
        return socket;
    }

    /** One answer with a body of announced length. */
    Reply read() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!endsWithBlankLine(head)) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(next);
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).strip().split("\r\n", -1);
        Map<String, List<String>> headers = new HashMap<>();
        for (String line : Arrays.copyOfRange(lines, 1, lines.length)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        String length = headers.getOrDefault("content-length", List.of("0")).get(0);
        return new Reply(status, headers, in.readNBytes(Integer.parseInt(length)));
    }

    /** All that comes until the connection ends, however it ends. */
    String readToTheEnd() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            byte[] some = new byte[8192];
            InputStream in = socket.getInputStream();
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                all.write(some, 0, read);
            }
        } catch (IOException reset) {
            // A reset ends the connection like any other end.
            return all.toString(StandardCharsets.UTF_8);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static boolean endsWithBlankLine(ByteArrayOutputStream head) {
        return head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

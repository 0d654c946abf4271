package com.customerledger.gateway.http.request;

import com.customerledger.events.query.ListReader;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes a list as it comes, through one buffer. As long as the list fits in the buffer nothing is sent: a failure until
 * then can still be answered as one. Of one thread.
 */
public final class ListAnswer implements ListReader {

    private static final int BUFFER_BYTES = 32 * 1024;
    private static final byte[] BEGIN = "{\"status\":true,\"results\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = "],\"next_cursor\":".getBytes(StandardCharsets.US_ASCII);

    private final HttpServletResponse response;
    private final boolean withLag;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private boolean sent;
    private boolean any;
    private long lagMillis;
    private int parked;
    private @Nullable IOException lost;

    /**
     * @param withLag whether the answer says how far its view is behind
     */
    public ListAnswer(HttpServletResponse response, boolean withLag) {
        this.response = response;
        this.withLag = withLag;
    }

    @Override
    public void parkedCustomers(int count) {
        parked = count;
    }

    @Override
    public void begin(long lag) throws IOException {
        lagMillis = lag;
        write(BEGIN, 0, BEGIN.length);
    }

    @Override
    public void record(byte[] record, int offset, int length) throws IOException {
        if (any) {
            write(',');
        }
        any = true;
        write(record, offset, length);
    }

    /** Ends the list. */
    public void end() throws IOException {
        write(']');
        write('}');
        send(true);
    }

    /**
     * Ends a page.
     *
     * @param cursor where the next one begins, or null on the last
     */
    public void end(@Nullable String cursor) throws IOException {
        write(NEXT, 0, NEXT.length);
        byte[] value = (cursor == null ? "null" : '"' + cursor + '"').getBytes(StandardCharsets.US_ASCII);
        write(value, 0, value.length);
        write('}');
        send(true);
    }

    /** Sends the headers only; how long the list would be is not known. */
    public void headers() {
        response.setContentType(Answers.JSON);
        if (withLag) {
            response.setHeader(Answers.LAG, Long.toString(lagMillis));
        }
        Answers.parked(response, parked);
    }

    /** How the client was lost, when it was: no failure of the list's. */
    public @Nullable IOException lost() {
        return lost;
    }

    private void write(char ascii) throws IOException {
        if (filled == buffer.length) {
            send(false);
        }
        buffer[filled++] = (byte) ascii;
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (filled == buffer.length) {
                send(false);
            }
            int next = Math.min(length - done, buffer.length - filled);
            System.arraycopy(bytes, offset + done, buffer, filled, next);
            filled += next;
            done += next;
        }
    }

    private void send(boolean last) throws IOException {
        if (!sent) {
            headers();
            if (last) {
                response.setContentLength(filled);
            }
            sent = true;
        }
        try {
            response.getOutputStream().write(buffer, 0, filled);
        } catch (IOException gone) {
            lost = gone;
            throw gone;
        }
        filled = 0;
    }
}

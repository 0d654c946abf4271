package com.customerledger.gateway.http.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.http.HttpHeaders;

/**
 * Reads what nobody read of a body after its request is answered, so that its sender gets the answer and not a reset. The
 * server would do so itself, but for as long as its sender likes: here bytes and time are bounded, so that who has no key
 * can't hold a thread by it.
 */
final class UnreadBodyValve extends ValveBase {

    private final long bytesMax;
    private final long timeMaxNs;

    /**
     * @param bytesMax how many bytes are read at the most; beyond it the connection is closed
     * @param timeMaxMs for how long, in milliseconds
     */
    UnreadBodyValve(long bytesMax, long timeMaxMs) {
        this.bytesMax = bytesMax;
        this.timeMaxNs = TimeUnit.MILLISECONDS.toNanos(timeMaxMs);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (response.isErrorReportRequired()) {
            // The server found the request broken: it writes the answer yet, and closes the connection after it.
            return;
        }
        if (request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            response.finishResponse();
            if (request.getHeader(HttpHeaders.EXPECT) != null
                    && request.getCoyoteRequest().getBytesRead() == 0) {
                // Who waits to be told to send its body has been told not to, and may send it or not.
                close(response);
            } else {
                drain(request.getCoyoteRequest(), response);
            }
        }
    }

    private void drain(org.apache.coyote.Request request, Response response) {
        Waste waste = new Waste();
        long deadline = System.nanoTime() + timeMaxNs;
        long left = bytesMax;
        try {
            for (int read = request.doRead(waste); read >= 0; read = request.doRead(waste)) {
                left -= read;
                if (left < 0 || System.nanoTime() - deadline > 0) {
                    close(response);
                    return;
                }
            }
        } catch (IOException broken) {
            // Cut short, or too slow: the answer is out, and the connection of no more use.
            close(response);
        }
    }

    private static void close(Response response) {
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
    }

    /** Is shown what was read, and keeps nothing. */
    private static final class Waste implements ApplicationBufferHandler {

        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // The server reads into buffers of its own.
        }
    }
}

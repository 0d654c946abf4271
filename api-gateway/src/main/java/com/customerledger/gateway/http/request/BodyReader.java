package com.customerledger.gateway.http.request;

import com.customerledger.events.UnavailableException;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Reads bodies of JSON, whole and within their limits. Thread-safe. */
@Component
public final class BodyReader {

    private static final int FIRST_BYTES = 16_384;
    private static final String JSON = "application/json";

    private final int bytesMax;
    private final long timeMaxNs;
    private final BodyMemory memory;

    BodyReader(BodySettings settings) {
        this.bytesMax = settings.maxBodyBytes();
        this.timeMaxNs = TimeUnit.MILLISECONDS.toNanos(settings.bodyTimeMaxMs());
        this.memory = new BodyMemory(settings.maxBodiesBytes());
    }

    /**
     * The request's body.
     *
     * @throws ErrorAnswerException when it is of another type, encoded, too large, or does not arrive whole
     * @throws UnavailableException when too many large bodies are being worked on
     */
    public Body read(HttpServletRequest request) {
        checkType(request);
        long announced = request.getContentLengthLong();
        if (announced > bytesMax) {
            throw new ErrorAnswerException(ErrorAnswer.of(413));
        }
        BodyMemory.Share share = memory.share();
        try {
            return read(request.getInputStream(), announced, share);
        } catch (IOException broken) {
            share.close();
            // Cut short, wrongly chunked, or too slow: the server closes the connection after the answer.
            throw new ErrorAnswerException(ErrorAnswer.of(400));
        } catch (RuntimeException refused) {
            share.close();
            throw refused;
        }
    }

    private Body read(InputStream in, long announced, BodyMemory.Share share) throws IOException {
        // Memory follows what has arrived, not what was announced.
        int first = Math.min(FIRST_BYTES, bytesMax);
        int room = announced >= 0 ? (int) Math.min(announced, first) : first;
        share.take(room);
        byte[] bytes = new byte[room];
        int length = 0;
        long deadline = System.nanoTime() + timeMaxNs;
        while (true) {
            if (System.nanoTime() - deadline > 0) {
                throw new ErrorAnswerException(ErrorAnswer.of(408));
            }
            if (length == room) {
                int next = in.read();
                if (next < 0) {
                    return new Body(share, bytes, length);
                }
                if (length == bytesMax) {
                    throw new ErrorAnswerException(ErrorAnswer.of(413));
                }
                int most = announced > length ? (int) announced : bytesMax;
                room = (int) Math.min(most, 4L * Math.max(room, FIRST_BYTES));
                share.take(room - length);
                bytes = Arrays.copyOf(bytes, room);
                bytes[length++] = (byte) next;
            }
            int read = in.read(bytes, length, room - length);
            if (read < 0) {
                return new Body(share, bytes, length);
            }
            length += read;
        }
    }

    private static void checkType(HttpServletRequest request) {
        if (!isJson(request.getContentType()) || isEncoded(request)) {
            throw new ErrorAnswerException(ErrorAnswer.of(415));
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        if (JSON.equals(contentType)) {
            return true;
        }
        if (contentType == null) {
            return false;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            String charset = type.getParameter("charset");
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    && (charset == null || charset.replace("\"", "").equalsIgnoreCase("utf-8"));
        } catch (InvalidMediaTypeException | IllegalCharsetNameException | UnsupportedCharsetException malformed) {
            return false;
        }
    }

    private static boolean isEncoded(HttpServletRequest request) {
        Enumeration<String> encodings = request.getHeaders(HttpHeaders.CONTENT_ENCODING);
        while (encodings.hasMoreElements()) {
            if (!encodings.nextElement().equalsIgnoreCase("identity")) {
                return true;
            }
        }
        return false;
    }
}

package com.customerledger.gateway.http.request;

import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import java.security.MessageDigest;

/** A request's body as it was sent. Closing it gives its share of the memory for bodies back. */
public final class Body implements AutoCloseable {

    private final BodyMemory.Share share;
    private final byte[] bytes;
    private final int length;

    Body(BodyMemory.Share share, byte[] bytes, int length) {
        this.share = share;
        this.bytes = bytes;
        this.length = length;
    }

    /**
     * The body as text.
     *
     * @throws RefusedException where it is not well-formed UTF-8
     */
    public String text() {
        String text = Utf8.decode(bytes, length);
        if (text == null) {
            throw new RefusedException(Refusal.of(ErrorCode.LAYOUT, "The body is not well-formed UTF-8"));
        }
        return text;
    }

    /** Adds the body to a digest. */
    void update(MessageDigest digest) {
        digest.update(bytes, 0, length);
    }

    @Override
    public void close() {
        share.close();
    }
}

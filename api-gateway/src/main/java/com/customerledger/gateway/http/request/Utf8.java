package com.customerledger.gateway.http.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes UTF-8 and takes nothing else: no overlong form, no encoded surrogate, nothing beyond U+10FFFF. */
final class Utf8 {

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** The text, or null where the bytes are not well-formed. */
    static @Nullable String decode(byte[] bytes) {
        return decode(bytes, bytes.length);
    }

    /** The text of the first bytes, or null where they are not well-formed. */
    static @Nullable String decode(byte[] bytes, int length) {
        // The constructor is many times as fast as a decoder and puts U+FFFD for what is malformed. So what has none is
        // well-formed, and only what has one, rightly or not, is decoded again.
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}

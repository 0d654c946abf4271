package com.customerledger.query.seal.log;

import java.util.Base64;

/** Base 64 as the notes have it (RFC 4648, section 4), in one spelling only. */
final class Base64Text {

    private Base64Text() {}

    static String of(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] read(String text, String what) throws MalformedException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(what + " is not base 64", e);
        }
        // The decoder lets padding be absent and the last character's unused bits be anything.
        if (!of(bytes).equals(text)) {
            throw new MalformedException(what + " is not base 64 in its one spelling");
        }
        return bytes;
    }
}

package com.customerledger.query.seal.log;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One PEM block (RFC 7468). */
final class Pem {

    private static final int LINE_LENGTH = 64;
    private static final int CHARACTERS_MAX = 10_000;

    private Pem() {}

    static String write(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return begin(label) + "\n" + lines + "\n" + end(label) + "\n";
    }

    static byte[] read(String label, String text) throws MalformedException {
        if (text.length() > CHARACTERS_MAX) {
            throw new MalformedException("a key is not that long");
        }
        String block = text.strip();
        String begin = begin(label);
        String end = end(label);
        if (!block.startsWith(begin) || !block.endsWith(end) || block.length() < begin.length() + end.length()) {
            throw new MalformedException("not one PEM block " + label);
        }
        String content = block.substring(begin.length(), block.length() - end.length());
        return Base64Text.read(content.replaceAll("[ \\t\\r\\n]", ""), "the PEM block");
    }

    private static String begin(String label) {
        return "-----BEGIN " + label + "-----";
    }

    private static String end(String label) {
        return "-----END " + label + "-----";
    }
}

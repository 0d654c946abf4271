package com.customerledger.gateway.http.errors;

/** Writes strings as JSON in such a way that any string can then be encoded in UTF-8 without loss. */
final class JsonStrings {

    private JsonStrings() {}

    /** Appends the text in quotes; unpaired surrogates, which UTF-8 can't hold, are escaped like control characters. */
    static void append(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                escape(json, c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                json.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                escape(json, c);
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static void escape(StringBuilder json, char c) {
        String hex = Integer.toHexString(c);
        json.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
    }
}

package com.customerledger.query.seal.export;

import java.util.ArrayList;
import java.util.List;

/** The values of a line of CSV (RFC 4180). */
final class Csv {

    private Csv() {}

    /** A value, in quotes where it needs them. */
    static String value(String text) {
        boolean needed = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return needed ? quoted(text) : text;
    }

    static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    static List<String> values(String line) throws BrokenException {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (true) {
            int end;
            if (at < line.length() && line.charAt(at) == '"') {
                end = closing(line, at + 1);
                values.add(line.substring(at + 1, end).replace("\"\"", "\""));
                end++;
                if (end < line.length() && line.charAt(end) != ',') {
                    throw new BrokenException("it is not CSV: a value goes on behind its quotes");
                }
            } else {
                end = line.indexOf(',', at);
                end = end < 0 ? line.length() : end;
                values.add(line.substring(at, end));
            }
            if (end == line.length()) {
                return values;
            }
            at = end + 1;
        }
    }

    private static int closing(String line, int from) throws BrokenException {
        int at = from;
        while (true) {
            at = line.indexOf('"', at);
            if (at < 0) {
                throw new BrokenException("it is not CSV: a quote is not closed");
            }
            if (at + 1 == line.length() || line.charAt(at + 1) != '"') {
                return at;
            }
            at += 2;
        }
    }
}

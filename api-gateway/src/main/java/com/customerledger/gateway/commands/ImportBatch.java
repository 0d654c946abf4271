package com.customerledger.gateway.commands;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive lines of a file, as one request.
 *
 * @param ordinal counts the file's batches from 0
 * @param lines the numbers of its lines, in their order
 * @param firstLine the {@link #fingerprint} of the first of them
 * @param body of the request: the lines as they stand in the file
 * @param key the body's SHA-256, in hexadecimal digits. It is the request's idempotency key, so that an import which is
 *     repeated sends what is stored already under the keys that it was stored with
 * @param earlier what the journal of an earlier import knows of it; null when nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Batches are handed on and never compared.
record ImportBatch(
        long ordinal, long[] lines, int firstLine, byte[] body, String key, ImportJournal.@Nullable Entry earlier) {

    private static final byte[] BEGIN = "{\"records\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    /** @param lines at least one */
    static ImportBatch of(long ordinal, List<JsonLines.Line> lines) {
        long[] numbers = new long[lines.size()];
        int bytes = BEGIN.length + lines.size() - 1 + END.length;
        for (JsonLines.Line line : lines) {
            bytes += line.bytes().length;
        }
        byte[] body = new byte[bytes];
        int end = put(BEGIN, body, 0);
        for (int i = 0; i < numbers.length; i++) {
            JsonLines.Line line = lines.get(i);
            numbers[i] = line.number();
            if (i > 0) {
                body[end++] = ',';
            }
            end = put(line.bytes(), body, end);
        }
        put(END, body, end);
        return new ImportBatch(ordinal, numbers, fingerprint(lines.get(0)), body, sha256(body), null);
    }

    ImportBatch knownAs(long itsOrdinal, ImportJournal.Entry entry) {
        return new ImportBatch(itsOrdinal, lines, firstLine, body, key, entry);
    }

    int records() {
        return lines.length;
    }

    LineRange range() {
        return LineRange.of(lines);
    }

    /** Tells lines apart well enough to look closer, and nobody what stands in them. */
    static int fingerprint(JsonLines.Line line) {
        CRC32C sum = new CRC32C();
        sum.update(line.bytes());
        return (int) sum.getValue();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static int put(byte[] bytes, byte[] body, int at) {
        System.arraycopy(bytes, 0, body, at, bytes.length);
        return at + bytes.length;
    }
}

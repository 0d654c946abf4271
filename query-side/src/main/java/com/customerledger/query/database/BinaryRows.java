package com.customerledger.query.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * Takes PostgreSQL's binary COPY format apart: a header, then of each row the number of its columns and each column's
 * length and bytes, then a -1. The server sends each row in a message of its own, the header with the first one. Not
 * thread-safe.
 */
public final class BinaryRows {

    /** What the format begins with. */
    static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    /** What PostgreSQL counts microseconds from, the year 2000, in those since 1970. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private final CopyOut copy;
    private ByteBuffer message = ByteBuffer.allocate(0);
    private boolean begun;

    /** Reads a copy that has just begun. */
    public BinaryRows(CopyOut copy) {
        this.copy = copy;
    }

    /** The bytes that the row stands in, placed on its first column's length; null when there are no more rows. */
    public @Nullable ByteBuffer next() throws SQLException {
        while (true) {
            if (!message.hasRemaining()) {
                byte[] received = copy.readFromCopy();
                if (received == null) {
                    return null;
                }
                message = ByteBuffer.wrap(received);
                if (!begun) {
                    begin();
                }
            } else if (message.getShort() >= 0) {
                return message;
            }
            // Behind the last row comes the end of the copy itself, which is to be read too.
        }
    }

    /** Takes a value that is a bigint off its row, as the others take theirs; null only where that is said. */
    public static long bigint(ByteBuffer row) {
        row.getInt();
        return row.getLong();
    }

    /** An integer. */
    public static int integer(ByteBuffer row) {
        row.getInt();
        return row.getInt();
    }

    /** A smallint. */
    public static short smallint(ByteBuffer row) {
        row.getInt();
        return row.getShort();
    }

    /** A UUID. */
    public static UUID uuid(ByteBuffer row) {
        row.getInt();
        return new UUID(row.getLong(), row.getLong());
    }

    /** A moment. */
    public static Instant timestamptz(ByteBuffer row) {
        return Instant.EPOCH.plus(micros(row), ChronoUnit.MICROS);
    }

    /** A moment, in microseconds since 1970. */
    public static long micros(ByteBuffer row) {
        return bigint(row) + EPOCH_MICROS;
    }

    /** A text. */
    public static String text(ByteBuffer row) {
        return Objects.requireNonNull(nullableText(row));
    }

    /** A text or null. */
    public static @Nullable String nullableText(ByteBuffer row) {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        String text = new String(row.array(), row.arrayOffset() + row.position(), length, StandardCharsets.UTF_8);
        row.position(row.position() + length);
        return text;
    }

    private void begin() {
        byte[] signature = new byte[SIGNATURE.length];
        message.get(signature);
        if (!java.util.Arrays.equals(signature, SIGNATURE)) {
            throw new IllegalStateException("the database does not copy in its binary format");
        }
        message.getInt();
        int extension = message.getInt();
        message.position(message.position() + extension);
        begun = true;
    }
}

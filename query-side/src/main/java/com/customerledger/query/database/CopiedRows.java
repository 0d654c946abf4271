package com.customerledger.query.database;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Adds rows to a table by PostgreSQL's binary COPY, which takes a fraction of what an INSERT of them takes once they are
 * many. Rows are written column by column, in the order of the statement's columns. Not thread-safe.
 */
public final class CopiedRows {

    /** From how many rows on a copy is quicker than one statement, whose way to the server and back is shorter. */
    public static final int WORTH_WHILE = 50;

    /** How many bytes go to the server at once. */
    private static final int PIECE_BYTES = 1 << 16;

    private static final long EPOCH_SECONDS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final int HEADER_EXTENSION_BYTES = 8;

    private final CopyIn copy;
    private byte[] bytes = new byte[PIECE_BYTES * 2];
    private int length;

    private CopiedRows(CopyIn copy) {
        this.copy = copy;
        append(BinaryRows.SIGNATURE);
        length += HEADER_EXTENSION_BYTES;
    }

    /** Writes rows, each by its number from 0. */
    @FunctionalInterface
    public interface Writer {
        void write(CopiedRows rows, int row);
    }

    /**
     * Adds rows, in the connection's transaction.
     *
     * @param target table and columns: {@code a_table (a_column, another)}
     * @param count how many rows
     * @param columns how many columns
     */
    public static void add(Connection connection, String target, int count, int columns, Writer writer)
            throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + target + " FROM STDIN (FORMAT binary)");
        try {
            CopiedRows rows = new CopiedRows(copy);
            for (int row = 0; row < count; row++) {
                rows.putShort(columns);
                writer.write(rows, row);
                rows.send(PIECE_BYTES);
            }
            rows.putShort(-1);
            rows.send(0);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void send(int more) throws SQLException {
        if (length > more) {
            copy.writeToCopy(bytes, 0, length);
            length = 0;
        }
    }

    /** A smallint. */
    public CopiedRows smallint(short value) {
        putInt(Short.BYTES);
        putShort(value);
        return this;
    }

    /** An integer. */
    public CopiedRows integer(int value) {
        putInt(Integer.BYTES);
        putInt(value);
        return this;
    }

    /** A bigint. */
    public CopiedRows bigint(long value) {
        putInt(Long.BYTES);
        putLong(value);
        return this;
    }

    /** A timestamp with time zone, its fraction of a microsecond cut off. */
    public CopiedRows timestamptz(Instant value) {
        return bigint((value.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + value.getNano() / 1_000);
    }

    /** A text. */
    public CopiedRows text(String value) {
        return text(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that is given in UTF-8. */
    public CopiedRows text(byte[] utf8) {
        return bytea(utf8);
    }

    /** Bytes. */
    public CopiedRows bytea(byte[] value) {
        putInt(value.length);
        append(value);
        return this;
    }

    /** Null, of whichever type. */
    public CopiedRows nothing() {
        putInt(-1);
        return this;
    }

    /** A date. */
    public CopiedRows date(LocalDate value) {
        return integer(Math.toIntExact(value.toEpochDay() - EPOCH_DAY));
    }

    private void putShort(int value) {
        ensure(Short.BYTES);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void putInt(int value) {
        putShort(value >> 16);
        putShort(value);
    }

    private void putLong(long value) {
        putInt((int) (value >> 32));
        putInt((int) value);
    }

    private void append(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}

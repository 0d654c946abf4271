package com.customerledger.query.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
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

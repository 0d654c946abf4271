package com.customerledger.query.seal;

import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.VerifierKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Epochs and signed heads in the database. */
final class Heads {

    private static final String EPOCHS = """
            SELECT epoch, first_size, origin, public_key, statement
              FROM seal.epochs
             ORDER BY epoch
            """;

    private static final String BEGIN_EPOCH = """
            INSERT INTO seal.epochs (epoch, first_size, origin, public_key, statement, began_at)
            VALUES (?, ?, ?, ?, ?, now())
            """;

    private static final String NEWEST = """
            SELECT epoch, size, root, note, signed_at
              FROM seal.heads
             ORDER BY epoch DESC, size DESC
             LIMIT 1
            """;

    private static final String AT = """
            SELECT epoch, size, root, note, signed_at
              FROM seal.heads
             WHERE size = ?
             ORDER BY epoch DESC
             LIMIT 1
            """;

    private static final String ADD = """
            INSERT INTO seal.heads (epoch, size, root, note, signed_at)
            VALUES (?, ?, ?, ?, ?)
            """;

    private static final String SIZE = """
            SELECT coalesce(max(leaf_index) + 1, 0)
              FROM seal.leaves
            """;

    private Heads() {}

    /** Every epoch, the first one first. */
    static List<Epoch> epochs(Connection connection, Tables tables) throws SQLException {
        List<Epoch> epochs = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(EPOCHS));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                epochs.add(new Epoch(
                        rows.getInt(1),
                        rows.getLong(2),
                        VerifierKey.of(rows.getString(3), rows.getBytes(4)),
                        rows.getString(5)));
            }
        } catch (MalformedException e) {
            throw new SealException("an epoch's public key is no key", e);
        }
        return epochs;
    }

    /** The epoch that is not over, or null before the first head. */
    static @Nullable Epoch epoch(Connection connection, Tables tables) throws SQLException {
        List<Epoch> epochs = epochs(connection, tables);
        return epochs.isEmpty() ? null : epochs.get(epochs.size() - 1);
    }

    static void begin(Connection connection, Tables tables, Epoch epoch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(BEGIN_EPOCH))) {
            statement.setInt(1, epoch.number());
            statement.setLong(2, epoch.firstSize());
            statement.setString(3, epoch.origin());
            statement.setBytes(4, epoch.key().bytes());
            statement.setString(5, epoch.statement());
            statement.executeUpdate();
        }
    }

    static @Nullable Head newest(Connection connection, Tables tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(NEWEST))) {
            return one(statement);
        }
    }

    /** The head of exactly that size that was signed last, or null. */
    static @Nullable Head at(Connection connection, Tables tables, long size) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(AT))) {
            statement.setLong(1, size);
            return one(statement);
        }
    }

    private static @Nullable Head one(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? new Head(
                            row.getInt(1),
                            row.getLong(2),
                            row.getBytes(3),
                            row.getString(4),
                            instant(row.getObject(5, OffsetDateTime.class)))
                    : null;
        }
    }

    private static Instant instant(OffsetDateTime time) {
        return time.toInstant();
    }

    static void add(Connection connection, Tables tables, Head head) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(ADD))) {
            statement.setInt(1, head.epoch());
            statement.setLong(2, head.size());
            statement.setBytes(3, head.root());
            statement.setString(4, head.note());
            statement.setObject(5, OffsetDateTime.ofInstant(head.signedAt(), ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    /** How many leaves there are. */
    static long size(Connection connection, Tables tables) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(SIZE));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

package com.customerledger.query.view;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a generation holds, table by table. The order of rows does not matter: their hashes are added up. It tells
 * mistakes, not forgeries.
 *
 * @param tables in the order in which the view's SQL makes them
 */
public record ContentDigest(List<Table> tables) {

    /**
     * One table.
     *
     * @param rows how many there are
     * @param left the sum of the first halves of the rows' hashes
     * @param right the sum of the second halves
     */
    public record Table(long rows, BigDecimal left, BigDecimal right) {

        /** The two sums in hexadecimal. */
        String hashes() {
            return left.toBigInteger().toString(16) + '-' + right.toBigInteger().toString(16);
        }

        @Override
        public String toString() {
            return rows + " rows " + hashes();
        }
    }

    // Columns that the database numbers by itself differ from filling to filling.
    private static final String COLUMNS = """
            SELECT attname
              FROM pg_attribute
             WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
               AND attidentity = '' AND attgenerated = ''
             ORDER BY attnum
            """;

    // Fifteen digits of a hash are a number of sixty bits.
    private static final String SUMS = """
            SELECT count(*),
                   coalesce(sum(('x' || left(hash, 15))::bit(60)::bigint), 0),
                   coalesce(sum(('x' || right(hash, 15))::bit(60)::bigint), 0)
              FROM (SELECT md5(ROW(%s)::text) AS hash FROM %s) AS hashes
            """;

    /** Of all rows of these tables, on a connection in a transaction. */
    static ContentDigest ofTables(Connection connection, List<String> names) throws SQLException {
        List<Table> tables = new ArrayList<>();
        for (String name : names) {
            tables.add(ofColumns(connection, name, columns(connection, name)));
        }
        return new ContentDigest(tables);
    }

    /** Of these columns of all rows of a table. */
    static Table ofColumns(Connection connection, String table, List<String> columns) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A row's text has its times in the session's zone.
            statement.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO'");
            try (ResultSet row = statement.executeQuery(SUMS.formatted(sql(columns), table))) {
                row.next();
                return new Table(row.getLong(1), row.getBigDecimal(2), row.getBigDecimal(3));
            }
        }
    }

    /** The columns whose values were written, in the order of their definition. */
    static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        return columns;
    }

    /** A list of columns to be put into SQL. */
    static String sql(List<String> columns) {
        return columns.stream()
                .map(column -> '"' + column.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
    }

    /** Short enough to be read out. */
    @Override
    public String toString() {
        return tables.stream().map(Table::toString).collect(Collectors.joining("; "));
    }
}

package com.customerledger.query.view;

import com.customerledger.events.views.OperationRefusedException;
import com.customerledger.events.views.OperationRefusedException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares two generations at one position: of one revision all that they hold, of two what they share. Both follow the
 * events by themselves and nobody is stopped for it: a snapshot in which they happen to be at the same position is
 * awaited, and keeps until both are read.
 */
final class Comparison {

    private static final long ATTEMPT_EVERY_MS = 2;

    private static final String POSITIONS = """
            SELECT (SELECT position FROM views.positions WHERE generation_id = ? ORDER BY position DESC LIMIT 1),
                   (SELECT position FROM views.positions WHERE generation_id = ? ORDER BY position DESC LIMIT 1)
            """;

    private static final String KEY = """
            SELECT a.attname
              FROM pg_index i
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
             WHERE i.indrelid = ?::regclass AND i.indisprimary
             ORDER BY array_position(i.indkey::int2[], a.attnum)
            """;

    private static final String DIFFERENCE = """
            SELECT of_live, to_json(difference)::text, ROW(%3$s)::text
              FROM (SELECT true AS of_live, rows_of_live.*
                      FROM (SELECT %4$s FROM %1$s EXCEPT ALL SELECT %4$s FROM %2$s) AS rows_of_live
                     UNION ALL
                    SELECT false, rows_of_next.*
                      FROM (SELECT %4$s FROM %2$s EXCEPT ALL SELECT %4$s FROM %1$s) AS rows_of_next) AS difference
             ORDER BY %3$s, of_live DESC
             LIMIT 2
            """;

    private final Connection connection;
    private final View view;
    private final Generation live;
    private final Generation next;

    /**
     * @param connection without a transaction, for nothing else meanwhile
     * @param view the one that fills the next generation
     */
    Comparison(Connection connection, View view, Generation live, Generation next) {
        this.connection = connection;
        this.view = view;
        this.live = live;
        this.next = next;
    }

    /**
     * What both hold, and of two revisions what was not compared.
     *
     * @param deadlineNanos until when to wait for both to be at the same position
     * @throws OperationRefusedException when they differ, with the first row that does
     */
    String run(long deadlineNanos) throws SQLException, InterruptedException {
        Map<String, List<String>> shared =
                live.revision() == next.revision() ? Map.of() : new TreeMap<>(view.shared(live.revision()));
        if (live.revision() != next.revision() && shared.isEmpty()) {
            return "not compared: revision " + next.revision() + " shares nothing with revision " + live.revision();
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try {
            long position = samePosition(deadlineNanos);
            return live.revision() == next.revision() ? whole(position) : shared(position, shared);
        } finally {
            connection.rollback();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(true);
        }
    }

    private String whole(long position) throws SQLException {
        ContentDigest ofLive = view.digest(connection, live);
        ContentDigest ofNext = view.digest(connection, next);
        if (!ofLive.equals(ofNext)) {
            throw different(position, difference(ofLive, ofNext));
        }
        return "both hold the same at position " + position + " (" + ofNext + ")";
    }

    private OperationRefusedException different(long position, String difference) {
        return new OperationRefusedException(
                Reason.FAULTY_VIEW, next + " is not what " + live + " is at position " + position + ": " + difference);
    }

    private String shared(long position, Map<String, List<String>> shared) throws SQLException {
        Map<String, List<String>> leftOfLive = columns(live);
        Map<String, List<String>> leftOfNext = columns(next);
        List<String> compared = new ArrayList<>();
        for (Map.Entry<String, List<String>> each : shared.entrySet()) {
            List<String> columns = each.getValue();
            String tableOfLive = take(leftOfLive, live, each.getKey(), columns);
            String tableOfNext = take(leftOfNext, next, each.getKey(), columns);
            ContentDigest.Table ofLive = ContentDigest.ofColumns(connection, tableOfLive, columns);
            ContentDigest.Table ofNext = ContentDigest.ofColumns(connection, tableOfNext, columns);
            if (!ofLive.equals(ofNext)) {
                String found = difference(tableOfLive, tableOfNext, columns);
                throw different(position, found == null ? ofLive + " against " + ofNext : found);
            }
            compared.add(tableOfNext + " (" + String.join(", ", columns) + "; " + ofNext + ")");
        }
        return "of what revision " + next.revision() + " shares with revision " + live.revision()
                + ", both hold the same at position " + position + ": " + String.join(", ", compared)
                + "; not compared: of revision " + live.revision() + " " + text(leftOfLive) + ", of revision "
                + next.revision() + " " + text(leftOfNext);
    }

    /** Takes columns that are compared out of those that are left; the name of their table. */
    private static String take(
            Map<String, List<String>> left, Generation generation, String template, List<String> columns) {
        String table = generation.sql(template);
        List<String> all = left.get(table);
        if (columns.isEmpty() || all == null || !all.containsAll(columns)) {
            throw new OperationRefusedException(
                    Reason.FAULTY_VIEW,
                    "The view says that revisions share the columns " + columns + " of " + table + ", which has "
                            + (all == null ? "nothing of " + generation : all));
        }
        all.removeAll(columns);
        return table;
    }

    private Map<String, List<String>> columns(Generation generation) throws SQLException {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (String table : Generations.registeredTables(connection, generation)) {
            columns.put(table, ContentDigest.columns(connection, table));
        }
        return columns;
    }

    private static String text(Map<String, List<String>> left) {
        String text = left.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> each.getKey() + " (" + String.join(", ", each.getValue()) + ")")
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "nothing" : text;
    }

    private long samePosition(long deadlineNanos) throws SQLException, InterruptedException {
        while (true) {
            try (PreparedStatement statement = connection.prepareStatement(POSITIONS)) {
                statement.setInt(1, live.id());
                statement.setInt(2, next.id());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    if (row.getLong(1) == row.getLong(2)) {
                        return row.getLong(1);
                    }
                }
            }
            connection.rollback();
            if (System.nanoTime() > deadlineNanos) {
                throw new OperationRefusedException(
                        Reason.CONFLICT,
                        next + " and " + live
                                + " were not seen at the same position in time to be compared; try again when fewer"
                                + " events come");
            }
            TimeUnit.MILLISECONDS.sleep(ATTEMPT_EVERY_MS);
        }
    }

    private String difference(ContentDigest ofLive, ContentDigest ofNext) throws SQLException {
        List<String> liveTables = live.tables(view.tables());
        List<String> nextTables = next.tables(view.tables());
        for (int i = 0; i < liveTables.size(); i++) {
            if (i >= ofLive.tables().size()
                    || i >= ofNext.tables().size()
                    || !ofLive.tables().get(i).equals(ofNext.tables().get(i))) {
                String found = difference(
                        liveTables.get(i), nextTables.get(i), ContentDigest.columns(connection, liveTables.get(i)));
                if (found != null) {
                    return found;
                }
            }
        }
        return ofLive + " against " + ofNext;
    }

    private @Nullable String difference(String ofLive, String ofNext, List<String> columns) throws SQLException {
        List<String> key = key(ofLive);
        String order = ContentDigest.sql(key.isEmpty() || !columns.containsAll(key) ? columns : key);
        String sql = DIFFERENCE.formatted(ofLive, ofNext, order, ContentDigest.sql(columns));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                return null;
            }
            boolean firstIsOfLive = rows.getBoolean(1);
            String first = rows.getString(2);
            String firstKey = rows.getString(3);
            if (firstIsOfLive
                    && rows.next()
                    && !rows.getBoolean(1)
                    && rows.getString(3).equals(firstKey)) {
                return ofLive + " has " + first + " where " + ofNext + " has " + rows.getString(2);
            }
            return firstIsOfLive
                    ? ofLive + " has " + first + ", which " + ofNext + " lacks"
                    : ofNext + " has " + first + ", which " + ofLive + " lacks";
        }
    }

    private List<String> key(String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(KEY)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        return columns;
    }
}

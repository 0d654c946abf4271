package com.customerledger.query.view;

import com.customerledger.events.UnknownEventException;
import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What operators ask of views, on connections of their own. Thread-safe. */
public final class LedgerViewAudit implements ViewAudit {

    /** How long to wait for whoever fills a view to do what was asked for. */
    private static final Duration SETTLE_MAX = Duration.ofSeconds(10);

    private static final long SETTLE_POLL_MS = 50;

    /** How long a write may last from the time of its events to its commit, and the clocks differ, generously. */
    private static final Duration WRITE_MAX = Duration.ofSeconds(5);

    private static final String GENERATION = """
            SELECT id
              FROM views.generations
             WHERE view = ? AND CASE WHEN ?::integer IS NULL THEN state = 'live' ELSE generation = ? END
               AND state <> 'retired'
            """;

    private static final String LETTERS = """
            SELECT position, customer_id, merchant_id, type, cause, attempts, parked_at
              FROM views.letters
             WHERE generation_id = ? AND discarded_at IS NULL
             ORDER BY position
            """;

    private static final String ASK = """
            UPDATE views.letters
               SET request = ?, reason = ?
             WHERE generation_id = ? AND discarded_at IS NULL AND cause IS NOT NULL
               AND position = coalesce(?, position)
            """;

    private static final String ASKED = """
            SELECT count(*) FILTER (WHERE request IS NOT NULL AND discarded_at IS NULL),
                   count(*) FILTER (WHERE discarded_at IS NULL)
              FROM views.letters
             WHERE generation_id = ?
            """;

    /** Made by the service loader. */
    public LedgerViewAudit() {}

    /** What is asked of a database. */
    @FunctionalInterface
    private interface Question<T> {

        T ask(Connection connection) throws SQLException;
    }

    private static <T> T ask(LedgerDatabase database, Question<T> question) {
        try (Connection connection = QueryDatabase.forCommand(database, database.application())) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw QueryDatabase.failedForCommand(e);
        }
    }

    /** In one snapshot; nothing of it stays. */
    private static <T> T inSnapshot(LedgerDatabase database, Question<T> question) {
        return ask(database, connection -> {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return question.ask(connection);
            } finally {
                connection.rollback();
            }
        });
    }

    @Override
    public List<Certificate> certify(LedgerDatabase database, LongConsumer progress) {
        return inSnapshot(database, connection -> Certification.of(connection, progress));
    }

    /** The id of that generation, or of the live one. */
    private static int generation(Connection connection, String view, @Nullable Integer number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GENERATION)) {
            statement.setString(1, view);
            statement.setObject(2, number, Types.INTEGER);
            statement.setObject(3, number, Types.INTEGER);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    return row.getInt(1);
                }
            }
        }
        throw new IllegalArgumentException("There is no "
                + (number == null ? "view " + view : "generation " + number + " of the view " + view)
                + " in this ledger");
    }

    @Override
    public List<Letter> letters(LedgerDatabase database, String view, @Nullable Integer number) {
        return ask(database, connection -> {
            List<Letter> letters = new ArrayList<>();
            int generation = generation(connection, view, number);
            try (PreparedStatement statement = connection.prepareStatement(LETTERS)) {
                statement.setInt(1, generation);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        letters.add(new Letter(
                                rows.getLong(1),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getInt(6),
                                rows.getObject(7, OffsetDateTime.class).toInstant()));
                    }
                }
            }
            return letters;
        });
    }

    @Override
    public Requested ask(LedgerDatabase database, String view, @Nullable Integer number, Request request) {
        return ask(database, connection -> {
            int generation = generation(connection, view, number);
            int asked = request(connection, generation, request);
            if (asked == 0 && request.position() != null) {
                throw new IllegalArgumentException("The event at position " + request.position() + " is not parked in "
                        + view + ", or only waits behind another one");
            }
            int left = awaitSettled(connection, generation, view);
            return new Requested(asked, request.reason() == null ? 0 : asked, left);
        });
    }

    private static int request(Connection connection, int generation, Request request) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ASK)) {
            statement.setString(1, request.reason() == null ? "retry" : "discard");
            statement.setString(2, request.reason());
            statement.setInt(3, generation);
            statement.setObject(4, request.position());
            return statement.executeUpdate();
        }
    }

    private static int awaitSettled(Connection connection, int generation, String view) throws SQLException {
        long deadlineNanos = System.nanoTime() + SETTLE_MAX.toNanos();
        while (true) {
            try (PreparedStatement statement = connection.prepareStatement(ASKED)) {
                statement.setInt(1, generation);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    if (row.getInt(1) == 0) {
                        return row.getInt(2);
                    }
                }
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException(
                        "Nobody fills the view " + view + " now: what was asked for is done as soon as a node does");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(SETTLE_POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    @Override
    public WhatIf whatIf(LedgerDatabase database, String view, Instant asOf, ZoneId zone, LongConsumer progress) {
        View newest = newest(view);
        if (newest.isForEver()) {
            throw new IllegalArgumentException("The view " + view + " is never made anew");
        }
        if (asOf.isAfter(Instant.now().minus(WRITE_MAX))) {
            throw new IllegalArgumentException("Events of that moment may still come: it must be "
                    + WRITE_MAX.toSeconds() + " seconds in the past at least");
        }
        try {
            return inSnapshot(database, connection -> whatIf(connection, newest, asOf, zone, progress));
        } catch (UnknownEventException e) {
            throw new IllegalArgumentException("The ledger has an event of a newer version: " + e.getMessage(), e);
        }
    }

    private static View newest(String name) {
        return FoundViews.all().stream()
                .filter(view -> view.name().equals(name))
                .max(Comparator.comparingInt(View::revision))
                .orElseThrow(() -> new IllegalArgumentException("This version of the program has no view " + name));
    }

    private static WhatIf whatIf(
            Connection connection, View view, @Nullable Instant asOf, ZoneId zone, LongConsumer progress)
            throws SQLException {
        Scratch.Filled filled = Scratch.fill(connection, view, zone, asOf, progress);
        List<Table> tables = new ArrayList<>();
        filled.tables().forEach((name, contents) -> tables.add(new Table(name, contents.rows(), contents.hashes())));
        return new WhatIf(view.name(), view.revision(), filled.events(), filled.position(), tables);
    }
}

package com.customerledger.query.view;

import com.customerledger.events.audit.ViewAudit;
import com.customerledger.query.view.Certificate.Sum;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Compares what generations keep account of with the store and with their parked events. */
final class Certification {

    private static final String ACCOUNTS = """
            SELECT g.id, g.view, g.generation, p.position, p.certified_from,
                   p.applied, p.not_handled, p.parked, p.discarded,
                   p.applied_hash # p.not_handled_hash # p.parked_hash # p.discarded_hash, p.parked_hash, p.discarded_hash
              FROM views.generations g
             CROSS JOIN LATERAL (SELECT * FROM views.positions
                                  WHERE generation_id = g.id ORDER BY position DESC LIMIT 1) AS p
             ORDER BY g.view, g.generation
            """;

    // One walk over the events for all generations: how many, and which, there are from each bound to the next.
    private static final String STORE = """
            SELECT width_bucket(position - 1, ?::bigint[]), count(*), bit_xor(%s)
              FROM ledger.events
             GROUP BY 1
            """.formatted(Certificate.HASH_SQL);

    private static final String LETTERS = """
            SELECT generation_id, discarded_at IS NOT NULL, count(*), bit_xor(%s)
              FROM views.letters
             GROUP BY generation_id, discarded_at IS NOT NULL
            """.formatted(Certificate.HASH_SQL);

    /** What a generation says. */
    private record Account(
            int id,
            String view,
            int generation,
            long position,
            long from,
            Sum applied,
            Sum notHandled,
            Sum parked,
            Sum discarded,
            Sum all) {}

    private Certification() {}

    /**
     * The certificate of every generation.
     *
     * @param connection in one snapshot
     */
    static List<ViewAudit.Certificate> of(Connection connection, LongConsumer progress) throws SQLException {
        List<Account> accounts = accounts(connection);
        long[] bounds = accounts.stream()
                .flatMapToLong(account -> LongStream.of(account.from(), account.position()))
                .sorted()
                .distinct()
                .toArray();
        Map<Long, Sum> store = store(connection, bounds);
        Map<String, Sum> letters = letters(connection);
        List<ViewAudit.Certificate> certificates = new ArrayList<>();
        for (Account account : accounts) {
            List<String> findings = new ArrayList<>();
            Sum seen = Sum.NOTHING;
            for (long bound : bounds) {
                if (bound >= account.from() && bound < account.position()) {
                    Sum behind = store.getOrDefault(bound, Sum.NOTHING);
                    seen = seen.and(behind.count(), behind.hash());
                }
            }
            compare(findings, account, "all that it has seen", account.all(), seen, "the store");
            compare(
                    findings,
                    account,
                    "parked",
                    account.parked(),
                    letters.getOrDefault(account.id() + " false", Sum.NOTHING),
                    "its parked events");
            compare(
                    findings,
                    account,
                    "discarded",
                    account.discarded(),
                    letters.getOrDefault(account.id() + " true", Sum.NOTHING),
                    "its discarded events");
            certificates.add(new ViewAudit.Certificate(
                    account.view(),
                    account.generation(),
                    account.position(),
                    account.from(),
                    account.applied().count(),
                    account.notHandled().count(),
                    account.parked().count(),
                    account.discarded().count(),
                    findings));
            progress.accept(account.position());
        }
        return certificates;
    }

    private static void compare(
            List<String> findings, Account account, String what, Sum kept, Sum found, String where) {
        if (kept.equals(found)) {
            return;
        }
        String name = account.view() + " generation " + account.generation() + ", " + what + ": ";
        long more = kept.count() - found.count();
        findings.add(name
                + (more == 0
                        ? "as many events as " + where + ", but not the same"
                        : Math.abs(more) + (more < 0 ? " fewer" : " more") + " than " + where));
    }

    private static List<Account> accounts(Connection connection) throws SQLException {
        List<Account> accounts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ACCOUNTS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Sum applied = new Sum(row.getLong(6), 0);
                Sum notHandled = new Sum(row.getLong(7), 0);
                Sum parked = new Sum(row.getLong(8), row.getLong(11));
                Sum discarded = new Sum(row.getLong(9), row.getLong(12));
                long count = applied.count() + notHandled.count() + parked.count() + discarded.count();
                accounts.add(new Account(
                        row.getInt(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getLong(5),
                        applied,
                        notHandled,
                        parked,
                        discarded,
                        new Sum(count, row.getLong(10))));
            }
        }
        return accounts;
    }

    /** By each bound the events behind it, up to the next one. */
    private static Map<Long, Sum> store(Connection connection, long[] bounds) throws SQLException {
        Map<Long, Sum> sums = new HashMap<>();
        if (bounds.length == 0) {
            return sums;
        }
        try (PreparedStatement statement = connection.prepareStatement(STORE)) {
            statement.setObject(1, bounds);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    int bucket = rows.getInt(1);
                    if (bucket > 0) {
                        sums.put(bounds[bucket - 1], new Sum(rows.getLong(2), rows.getLong(3)));
                    }
                }
            }
        }
        return sums;
    }

    private static Map<String, Sum> letters(Connection connection) throws SQLException {
        Map<String, Sum> sums = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(LETTERS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                sums.put(rows.getInt(1) + " " + rows.getBoolean(2), new Sum(rows.getLong(3), rows.getLong(4)));
            }
        }
        return sums;
    }
}

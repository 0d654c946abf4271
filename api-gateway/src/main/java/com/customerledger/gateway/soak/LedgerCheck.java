package com.customerledger.gateway.soak;

import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
import com.customerledger.events.audit.SealAudit;
import com.customerledger.events.audit.SealAudit.Given;
import com.customerledger.events.audit.SealAudit.Places;
import com.customerledger.events.audit.SealAudit.Verdict;
import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.json.Json;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Stage;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Compares what a merchant reads with what the events amount to, while nobody writes. */
final class LedgerCheck {

    /** The ledger's default. */
    private static final ZoneId ZONE = ZoneId.of("Africa/Johannesburg");

    private static final int ROWS_PER_FETCH = 1_000;

    private static final String EVENTS = """
            SELECT aggregate_id, sequence, type, revision, occurred_at, payload
              FROM ledger.events
             ORDER BY aggregate_id, sequence
            """;

    // A transaction is one request's, and its events stand side by side from its first place on.
    private static final String BROKEN_TRANSACTIONS =
            """
            SELECT count(*)
              FROM (SELECT count(*) AS events,
                           min(position & %1$d) AS first,
                           max(position & %1$d) AS last,
                           count(DISTINCT metadata) AS causes
                      FROM ledger.events
                     GROUP BY position >> %2$d) AS transactions
             WHERE first <> 0 OR last <> events - 1 OR causes <> 1
            """.formatted(Positions.EVENTS_PER_TRANSACTION_MAX - 1, Positions.PLACE_BITS);

    private static final String SPLIT_REQUESTS = """
            SELECT count(*)
              FROM (SELECT FROM ledger.events GROUP BY metadata HAVING count(DISTINCT position >> %d) > 1) AS requests
            """.formatted(Positions.PLACE_BITS);

    // Every event has one leaf, in the events' order, and each merchant's numbers have no gap.
    private static final String UNSEALED = """
            SELECT count(*)
              FROM ledger.events e
              FULL JOIN seal.leaves l USING (position)
             WHERE e.event_id IS NULL OR l.hash IS NULL
            """;

    private static final String UNCOUNTED = """
            SELECT count(*)
              FROM (SELECT FROM seal.leaves GROUP BY merchant HAVING max(number) <> count(*)) AS merchants
            """;

    private static final String BEHIND = """
            SELECT count(*)
              FROM views.generations g
             WHERE g.state = 'live'
               AND (SELECT max(p.position) FROM views.positions p WHERE p.generation_id = g.id)
                 < (SELECT max(e.position) FROM ledger.events e)
            """;

    private static final Duration CAUGHT_UP_MAX = Duration.ofSeconds(30);

    private LedgerCheck() {}

    /**
     * Compares a merchant's whole list with the events, record by record and character by character, and checks that
     * every transaction is whole, every event seen by every view once and sealed, and the seal what its heads were signed
     * for.
     *
     * @return how many customers were compared, at least one
     * @throws PlayFailure for the first difference
     */
    static int listEqualsEvents(LedgerDatabase database, List<Records.Sent> list)
            throws IOException, SQLException, InterruptedException {
        PlayFailure.unless(!list.isEmpty(), () -> "the list is empty");
        Map<String, String> byId = new HashMap<>();
        for (Records.Sent each : list) {
            PlayFailure.unless(
                    byId.put(each.id(), each.text()) == null, () -> "%s is in the list twice".formatted(each.id()));
        }
        try (Connection connection = Stage.connect(database, database.application())) {
            connection.setAutoCommit(false);
            none(connection, BROKEN_TRANSACTIONS, "transactions are not whole");
            none(connection, SPLIT_REQUESTS, "requests are in several transactions");
            Comparison comparison =
                    new Comparison(byId, merchant(connection, list.get(0).id()));
            try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
                statement.setFetchSize(ROWS_PER_FETCH);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        comparison.next(rows);
                    }
                }
            }
            comparison.end();
        }
        PlayFailure.unless(
                byId.isEmpty(),
                () -> "%d customers are in the list and have no events: %s".formatted(byId.size(), byId.keySet()));
        everyViewHasSeenEveryEvent(database);
        sealIsAsSigned(database);
        return list.size();
    }

    private static void everyViewHasSeenEveryEvent(LedgerDatabase database) throws SQLException, InterruptedException {
        try (Connection connection = Stage.connect(database, database.application())) {
            Waiting.until("every view has come to the head", CAUGHT_UP_MAX, () -> {
                try {
                    return count(connection, BEHIND) == 0;
                } catch (SQLException e) {
                    throw new IOException(e);
                }
            });
        }
        ViewAudit audit = ServiceLoader.load(ViewAudit.class).findFirst().orElseThrow();
        for (ViewAudit.Certificate certificate : audit.certify(database, position -> {})) {
            PlayFailure.unless(certificate.findings().isEmpty(), () -> "a view: " + certificate.findings());
            PlayFailure.unless(certificate.parked() == 0, () -> "%s has parked events".formatted(certificate.view()));
        }
    }

    private static void sealIsAsSigned(LedgerDatabase database) throws IOException, SQLException {
        SealAudit audit = ServiceLoader.load(SealAudit.class).findFirst().orElseThrow();
        Path nowhere = Path.of("no-files-of-a-node");
        try (Connection connection = Stage.connect(database, database.application())) {
            none(connection, UNSEALED, "events have no leaf, or leaves no event");
            none(connection, UNCOUNTED, "merchants have a gap in their numbers");
        }
        Verdict verdict = audit.verify(database, new Places(nowhere, null), new Given(List.of(), null), read -> {});
        PlayFailure.unless(verdict.intact(), () -> "the seal: " + verdict.findings());
    }

    private static long count(Connection connection, String counting) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(counting);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void none(Connection connection, String counting, String what) throws SQLException {
        long found = count(connection, counting);
        PlayFailure.unless(found == 0, () -> "%d %s".formatted(found, what));
    }

    private static String merchant(Connection connection, String customerId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT type, revision, occurred_at, payload FROM ledger.events WHERE aggregate_id = ? AND sequence = 0
                """)) {
            statement.setString(1, customerId);
            try (ResultSet row = statement.executeQuery()) {
                PlayFailure.unless(row.next(), () -> "%s is in the list and has no event".formatted(customerId));
                return EventCodec.event(
                                row.getString(1),
                                row.getInt(2),
                                customerId,
                                row.getObject(3, OffsetDateTime.class).toInstant(),
                                row.getString(4))
                        .merchantId();
            }
        }
    }

    /** Goes through the events, one customer after the other. */
    private static final class Comparison {

        private final CustomerJson json = new CustomerJson(ZONE);
        private final Map<String, String> list;
        private final String merchantId;
        private @Nullable String customerId;
        private @Nullable CustomerRecord customer;
        private int nextSequence;

        Comparison(Map<String, String> list, String merchantId) {
            this.list = list;
            this.merchantId = merchantId;
        }

        void next(ResultSet row) throws SQLException {
            String id = row.getString(1);
            if (!id.equals(customerId)) {
                end();
                customerId = id;
                customer = null;
                nextSequence = 0;
            }
            PlayFailure.unless(row.getInt(2) == nextSequence, () -> "%s has no event %d".formatted(id, nextSequence));
            nextSequence++;
            LedgerEvent event = EventCodec.event(
                    row.getString(3),
                    row.getInt(4),
                    id,
                    row.getObject(5, OffsetDateTime.class).toInstant(),
                    row.getString(6));
            customer = CustomerRecord.after(customer, event);
        }

        void end() {
            CustomerRecord folded = customer;
            if (folded == null || !folded.merchantId().equals(merchantId)) {
                return;
            }
            String expected = Json.text(out -> json.write(out, folded, true));
            String listed = PlayFailure.present(
                    list.remove(folded.id()), () -> "%s has events and is not in the list".formatted(folded.id()));
            PlayFailure.unless(
                    expected.equals(listed),
                    () -> "the events amount to%n%s%nand the list has%n%s".formatted(expected, listed));
        }
    }
}

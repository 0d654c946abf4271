package com.customerledger.query.view;

import com.customerledger.events.EventCodec;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.UnknownEventException;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.Certificate.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies events to a generation. One that can't be applied is parked with its cause, and what happens to the same
 * customer later waits behind it, in order; the events of all others go on. For the thread of the generation's owner, and
 * no longer than all its transactions commit.
 */
final class Letters {

    private static final Logger LOG = LoggerFactory.getLogger(Letters.class);

    /** How many customers of a generation may have parked events: more are a fault of the view, and it stops. */
    static final int CUSTOMERS_MAX = 1_000;

    private static final int CAUSE_LENGTH_MAX = 500;

    private static final String CUSTOMERS = """
            SELECT DISTINCT customer_id, discarded_at IS NULL
              FROM views.letters
             WHERE generation_id = ?
            """;

    private static final String PARK = """
            INSERT INTO views.letters
                   (generation_id, position, event_id, customer_id, merchant_id, type, cause, attempts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String FIRST_PAYLOAD = """
            SELECT payload
              FROM ledger.events
             WHERE aggregate_id = ?
             ORDER BY sequence
             LIMIT 1
            """;

    private static final String REQUESTS = """
            SELECT position, request
              FROM views.letters
             WHERE generation_id = ? AND request IS NOT NULL AND discarded_at IS NULL
             ORDER BY position
            """;

    // Of the customers with a request, everything that is parked, with its event.
    private static final String PARKED = "SELECT " + RecordedEvent.COLUMNS + """
             FROM ledger.events
             WHERE position IN (SELECT position
                                  FROM views.letters
                                 WHERE generation_id = ? AND discarded_at IS NULL
                                   AND customer_id IN (SELECT customer_id
                                                         FROM views.letters
                                                        WHERE generation_id = ? AND request IS NOT NULL
                                                          AND discarded_at IS NULL))
             ORDER BY position
            """;

    private static final String APPLIED = """
            DELETE FROM views.letters
             WHERE generation_id = ? AND position = ?
            """;

    private static final String DISCARDED = """
            UPDATE views.letters
               SET request = NULL, discarded_at = clock_timestamp()
             WHERE generation_id = ? AND position = ?
            """;

    private static final String FAILED = """
            UPDATE views.letters
               SET request = NULL, cause = ?, attempts = attempts + 1
             WHERE generation_id = ? AND position = ?
            """;

    private static final String WAITS = """
            UPDATE views.letters
               SET request = NULL
             WHERE generation_id = ? AND request IS NOT NULL AND discarded_at IS NULL
            """;

    private static final String COUNTS = """
            SELECT generation_id, count(*)
              FROM views.letters
             WHERE discarded_at IS NULL
             GROUP BY generation_id
            """;

    private static final String PARKED_BESIDES = """
            SELECT count(*)
              FROM views.letters AS letter
             WHERE letter.generation_id = ? AND letter.discarded_at IS NULL
               AND NOT EXISTS (
                   SELECT FROM views.letters AS other
                    WHERE other.generation_id = ? AND other.position = letter.position AND other.discarded_at IS NULL)
            """;

    private final View view;
    private final Generation generation;
    private final Set<String> waiting = new HashSet<>();
    // Of whom an event was discarded: what they are to the view is not what their events say.
    private final Set<String> apart = new HashSet<>();
    private View.Projection projection;

    private Letters(View view, Generation generation) {
        this.view = view;
        this.generation = generation;
        this.projection = view.projection(generation);
    }

    /** Begins or goes on to fill a generation. */
    static Letters begin(Connection connection, View view, Generation generation) throws SQLException {
        Letters letters = new Letters(view, generation);
        try (PreparedStatement statement = connection.prepareStatement(CUSTOMERS)) {
            statement.setInt(1, generation.id());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    (rows.getBoolean(2) ? letters.waiting : letters.apart).add(rows.getString(1));
                }
            }
        }
        return letters;
    }

    /** By the ids of generations, how many events each has parked; nothing of those that have none. */
    static Map<Integer, Long> counts(Connection connection) throws SQLException {
        Map<Integer, Long> counts = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COUNTS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getInt(1), rows.getLong(2));
            }
        }
        return counts;
    }

    /**
     * How many events the generation has parked that the other one has not.
     *
     * @param other null to count all
     */
    static long parkedBesides(Connection connection, Generation generation, @Nullable Generation other)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARKED_BESIDES)) {
            statement.setInt(1, generation.id());
            statement.setObject(2, other == null ? null : other.id(), Types.INTEGER);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Applies what can be applied and parks the rest, in the connection's transaction.
     *
     * @param oneByOne whether each event is tried by itself, because they failed together; only then is one parked
     * @return what became of the events
     */
    Certificate apply(Connection connection, List<RecordedEvent> events, boolean oneByOne) throws SQLException {
        Certificate certificate = new Certificate();
        List<RecordedEvent> free = new ArrayList<>(events.size());
        for (RecordedEvent event : events) {
            if (!view.handles(event.type())) {
                certificate.add(Kind.NOT_HANDLED, event);
            } else if (waiting.contains(event.customerId())) {
                park(connection, event, null, certificate);
            } else if (oneByOne && !view.isForEver()) {
                String cause = failure(connection, own(event));
                if (cause == null) {
                    certificate.add(Kind.APPLIED, event);
                } else {
                    park(connection, event, cause, certificate);
                }
            } else {
                free.add(own(event));
                certificate.add(Kind.APPLIED, event);
            }
        }
        if (!free.isEmpty()) {
            projection.apply(connection, free);
        }
        return certificate;
    }

    private RecordedEvent own(RecordedEvent event) {
        return apart.contains(event.customerId()) ? event.apart() : event;
    }

    /** Applies one event, or says why it can't be applied, with nothing of it written. */
    private @Nullable String failure(Connection connection, RecordedEvent event) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            projection.apply(connection, List.of(event));
            connection.releaseSavepoint(savepoint);
            return null;
        } catch (SQLException | RuntimeException e) {
            if (!isOfTheEvent(e)) {
                throw e;
            }
            // That the database goes back shows that it is well.
            connection.rollback(savepoint);
            projection = view.projection(generation);
            LOG.error("{} can't apply the event {} and parks it", generation, event, e);
            return cause(e);
        }
    }

    /** Whether another event may fare better: what tells of the database, of the tables or of this version does not. */
    private static boolean isOfTheEvent(Exception error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownEventException || cause instanceof UnavailableException) {
                return false;
            }
            if (cause instanceof SQLException refused
                    && (QueryDatabase.isPassing(refused) || isOfTheView(String.valueOf(refused.getSQLState())))) {
                return false;
            }
        }
        return true;
    }

    /** The transaction's state, wrong SQL, a missing table or right, or a fault inside the server. */
    private static boolean isOfTheView(String state) {
        return state.startsWith("25") || state.startsWith("42") || state.startsWith("3F") || state.startsWith("XX");
    }

    private static String cause(Exception error) {
        String text = error instanceof SQLException refused
                ? "SQLSTATE " + refused.getSQLState() + ": " + refused.getMessage()
                : error.getClass().getSimpleName() + ": " + error.getMessage();
        return text.length() > CAUSE_LENGTH_MAX ? text.substring(0, CAUSE_LENGTH_MAX) : text;
    }

    private void park(Connection connection, RecordedEvent event, @Nullable String cause, Certificate certificate)
            throws SQLException {
        if (waiting.add(event.customerId()) && waiting.size() > CUSTOMERS_MAX) {
            throw new IllegalStateException(generation + " has parked events of " + CUSTOMERS_MAX
                    + " customers, which is the most: the view itself must be at fault");
        }
        try (PreparedStatement statement = connection.prepareStatement(PARK)) {
            statement.setInt(1, generation.id());
            statement.setLong(2, event.position());
            statement.setObject(3, event.id());
            statement.setString(4, event.customerId());
            statement.setString(5, merchant(connection, event));
            statement.setString(6, event.type());
            statement.setString(7, cause);
            statement.setInt(8, cause == null ? 0 : 1);
            statement.executeUpdate();
        }
        certificate.add(Kind.PARKED, event);
    }

    /** The event's merchant; where its payload is what is wrong, the one that the customer's first event names. */
    private static @Nullable String merchant(Connection connection, RecordedEvent event) throws SQLException {
        String merchant = merchant(event.payload());
        if (merchant != null) {
            return merchant;
        }
        try (PreparedStatement statement = connection.prepareStatement(FIRST_PAYLOAD)) {
            statement.setString(1, event.customerId());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? merchant(row.getString(1)) : null;
            }
        }
    }

    private static @Nullable String merchant(String payload) {
        try {
            return EventCodec.merchantId(payload);
        } catch (RuntimeException e) {
            LOG.debug("an event names no merchant", e);
            return null;
        }
    }

    /** Whether there are parked events. */
    boolean any() {
        return !waiting.isEmpty();
    }

    /**
     * Does what operators asked for, in the connection's transaction: discards events, and tries all others of the same
     * customers again, each customer's in order up to the first that fails.
     *
     * @return what became of the events, or null when nothing was asked for
     */
    @Nullable Certificate settle(Connection connection) throws SQLException {
        Map<Long, String> requests = requests(connection);
        if (requests.isEmpty()) {
            return null;
        }
        Certificate certificate = new Certificate();
        Set<String> settled = new HashSet<>();
        Set<String> stuck = new HashSet<>();
        for (RecordedEvent event : parked(connection)) {
            settled.add(event.customerId());
            if ("discard".equals(requests.get(event.position()))) {
                update(connection, DISCARDED, event);
                apart.add(event.customerId());
                certificate.move(Kind.PARKED, Kind.DISCARDED, event);
            } else if (!stuck.contains(event.customerId())) {
                String cause = failure(connection, event);
                if (cause == null) {
                    update(connection, APPLIED, event);
                    certificate.move(Kind.PARKED, Kind.APPLIED, event);
                } else {
                    fail(connection, event, cause);
                    stuck.add(event.customerId());
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(WAITS)) {
            statement.setInt(1, generation.id());
            statement.executeUpdate();
        }
        settled.removeAll(stuck);
        waiting.removeAll(settled);
        return certificate;
    }

    private Map<Long, String> requests(Connection connection) throws SQLException {
        Map<Long, String> requests = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(REQUESTS)) {
            statement.setInt(1, generation.id());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    requests.put(rows.getLong(1), rows.getString(2));
                }
            }
        }
        return requests;
    }

    private List<RecordedEvent> parked(Connection connection) throws SQLException {
        List<RecordedEvent> events = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(PARKED)) {
            statement.setInt(1, generation.id());
            statement.setInt(2, generation.id());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(RecordedEvent.read(rows));
                }
            }
        }
        return events;
    }

    private void update(Connection connection, String sql, RecordedEvent event) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, generation.id());
            statement.setLong(2, event.position());
            statement.executeUpdate();
        }
    }

    private void fail(Connection connection, RecordedEvent event, String cause) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FAILED)) {
            statement.setString(1, cause);
            statement.setInt(2, generation.id());
            statement.setLong(3, event.position());
            statement.executeUpdate();
        }
    }
}

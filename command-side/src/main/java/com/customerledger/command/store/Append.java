package com.customerledger.command.store;

import com.customerledger.command.store.RememberedStates.Remembered;
import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;

/** Events to be appended by one statement, with the references that they take and until when that has to be done. Immutable. */
final class Append {

    /** The states with which an append is refused; see the function {@code ledger.refuse}. */
    private static final String REFERENCES_TAKEN = "LG001";

    private static final String LATE = "LG002";

    private static final String STALE = "LG004";

    // What every append ends with. Nothing was appended where a reference is taken, or the one state is not the newest.
    private static final String END = """
            SELECT CASE WHEN count(*) = 0 THEN ledger.refuse('%s')
                        %%s
                        WHEN clock_timestamp() > statement_timestamp() + ? * interval '1 millisecond'
                        THEN ledger.refuse('%s')
                   END
              FROM appended
            """.formatted(REFERENCES_TAKEN, LATE);

    private static final String END_OF_ONE = END.formatted("");

    // One statement for a whole write, claims and events. Whatever is wrong is raised as an error by a function of ours
    // that names no values.
    //
    // All locks on tables are taken before the first row is written, and the number is drawn behind the claims: a
    // reader that misses a number finds its owner among the holders of the lock on the events, and nobody who waits
    // for another's claim holds a number back. References are claimed in one order, so that batches with the same ones
    // queue up instead of locking each other out.
    private static final String SEVERAL = """
            WITH claimed AS (
                INSERT INTO ledger.reference_claims (merchant_id, reference, customer_id)
                SELECT claim.merchant_id, claim.reference, claim.customer_id
                  FROM unnest(?::text[], ?::text[], ?::text[]) AS claim(merchant_id, reference, customer_id)
                 ORDER BY claim.merchant_id COLLATE "C", claim.reference COLLATE "C"
                    ON CONFLICT DO NOTHING
                RETURNING 1),
            drawn AS MATERIALIZED (
                SELECT %1$s AS number
                  FROM (SELECT count(*) AS claims FROM claimed) AS made
                 WHERE made.claims = ?),
            appended AS (
                INSERT INTO ledger.events (position, event_id, aggregate_id, sequence, payload, type, revision, occurred_at,
                                           metadata)
                SELECT %2$s, event.id::uuid, event.aggregate_id, event.sequence, event.payload, %3$s
                  FROM drawn,
                       unnest(?::text[], ?::text[], ?::integer[], ?::text[]%4$s)
                       WITH ORDINALITY
                       AS event(id, aggregate_id, sequence, payload%5$s, ordinal)
                %6$s
                RETURNING 1)
            """ + END.formatted("WHEN count(*) < ? THEN ledger.refuse('" + STALE + "')");

    private static final String OCCURRED_AT = "timestamptz 'epoch' + %s * interval '1 microsecond'";

    // That the event is there from which the state was that was decided on.
    private static final String BEHIND = "before.event_id = %s::uuid AND before.occurred_at = " + OCCURRED_AT;

    // A row is not appended when the state that it was decided on is not the newest.
    private static final String EACH_BEHIND = """
            WHERE event.behind IS NULL
                    OR (SELECT %s
                          FROM ledger.events AS before
                         WHERE before.aggregate_id = event.aggregate_id AND before.sequence = event.sequence - 1)
            """.formatted(BEHIND.formatted("event.behind", "event.behind_micros"));

    private static final String NEXT_NUMBER = "nextval('ledger.transaction_number')";

    // The events of one request have one number, and their places in it.
    private static final String PLACE = "(drawn.number << %d) | (event.ordinal - 1)".formatted(Positions.PLACE_BITS);

    // What all events of a request have in common is said once: each array costs the server about a fifth of a
    // microsecond for each of its values.
    private static final Several MANY_NEW_ALIKE = several(NEXT_NUMBER, PLACE, true, false);

    private static final Several MANY_ALIKE = several(NEXT_NUMBER, PLACE, true, true);

    private static final Several MANY = several(NEXT_NUMBER, PLACE, false, true);

    // One event each of several requests: a number for each, as if they had come alone.
    private static final Several GROUP =
            several("0", NEXT_NUMBER + " << %d".formatted(Positions.PLACE_BITS), false, true);

    /**
     * A statement for several events.
     *
     * @param areAlike whether what they have in common is one value each, not an array
     * @param areBehind whether it asks for the events right before them
     */
    private record Several(String sql, boolean areAlike, boolean areBehind) {}

    private static Several several(String number, String position, boolean areAlike, boolean areBehind) {
        String types = "";
        String names = "";
        if (!areAlike) {
            types += ", ?::text[], ?::smallint[], ?::bigint[], ?::text[]";
            names += ", type, revision, micros, metadata";
        }
        if (areBehind) {
            types += ", ?::text[], ?::bigint[]";
            names += ", behind, behind_micros";
        }
        String kind = areAlike
                ? "?::text, ?::smallint, " + OCCURRED_AT.formatted("?::bigint") + ", ?::text"
                : "event.type, event.revision, " + OCCURRED_AT.formatted("event.micros") + ", event.metadata";
        String sql = SEVERAL.formatted(number, position, kind, types, names, areBehind ? EACH_BEHIND : "");
        return new Several(sql, areAlike, areBehind);
    }

    // The same for the most usual write, one event, which takes the server half the time without arrays.
    private static final String ONE = """
            %sappended AS (
                INSERT INTO ledger.events (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload,
                                           metadata)
                SELECT nextval('ledger.transaction_number') << %d, ?::uuid, ?, ?, ?, ?,
                       %s, ?, ?%s
                RETURNING 1)
            """;

    private static final String ONE_CLAIMING_NOTHING =
            ONE.formatted("WITH ", Positions.PLACE_BITS, OCCURRED_AT.formatted("?"), "") + END_OF_ONE;

    private static final String ONE_BEHIND =
            ONE.formatted("WITH ", Positions.PLACE_BITS, OCCURRED_AT.formatted("?"), """

                  FROM ledger.events AS before
                 WHERE before.aggregate_id = ? AND before.sequence = ? AND\s""" + BEHIND.formatted("?", "?"))
                    + END_OF_ONE;

    private static final String ONE_CLAIMING_ONE =
            ONE.formatted("""
            WITH claimed AS (
                INSERT INTO ledger.reference_claims (merchant_id, reference, customer_id)
                VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING
                RETURNING 1),
            """, Positions.PLACE_BITS, OCCURRED_AT.formatted("?"), " FROM claimed") + END_OF_ONE;

    // Behind an append in a transaction that has begun: both are one request, and the server passes over the commit
    // of an append that fails.
    private static final String COMMIT = ";\nCOMMIT";

    /**
     * A reference that an append takes.
     *
     * @param customerId whose it will be
     */
    record Claim(String merchantId, String reference, String customerId) {}

    /**
     * What the store keeps of an event but its position.
     *
     * @param behind the event right before it that has to be there still; null where the store was asked already
     */
    private record Row(
            String id,
            String customerId,
            int sequence,
            String type,
            short revision,
            long micros,
            String payload,
            String metadata,
            @Nullable Remembered behind) {

        /** Whether both are of one kind, of one time and of one cause, as the events of a request mostly are. */
        boolean isLike(Row other) {
            return type.equals(other.type)
                    && revision == other.revision
                    && micros == other.micros
                    && metadata.equals(other.metadata);
        }

        @Nullable String behindId() {
            return behind == null ? null : behind.eventId();
        }

        @Nullable Long behindMicros() {
            return behind == null ? null : sinceEpoch(behind.at());
        }
    }

    private final List<Claim> claims;
    private final List<Row> rows;
    private final WriteDeadline deadline;
    private final boolean isGroup;

    private Append(List<Claim> claims, List<Row> rows, WriteDeadline deadline, boolean isGroup) {
        this.claims = claims;
        this.rows = rows;
        this.deadline = deadline;
        this.isGroup = isGroup;
    }

    /**
     * Of the events of one unit of work.
     *
     * @param claims the references that they take
     * @param recalled by aggregates' ids, the states that were decided on without asking the store for them
     */
    static Append of(
            List<? extends EventMessage<?>> events,
            List<Claim> claims,
            Map<String, Remembered> recalled,
            WriteDeadline deadline) {
        List<Row> rows = new ArrayList<>(events.size());
        // All events of a unit of work have the metadata of its one command.
        String cause = EventCodec.metadata(CommandCause.of(events.get(0)));
        for (EventMessage<?> each : events) {
            DomainEventMessage<?> message = (DomainEventMessage<?>) each;
            LedgerEvent event = (LedgerEvent) message.getPayload();
            Remembered state = recalled.get(event.customerId());
            rows.add(new Row(
                    message.getIdentifier(),
                    event.customerId(),
                    Math.toIntExact(message.getSequenceNumber()),
                    EventCodec.type(event),
                    (short) EventCodec.revision(event),
                    sinceEpoch(event.at()),
                    EventCodec.payload(event),
                    cause,
                    state != null && state.sequence() + 1 == message.getSequenceNumber() ? state : null));
        }
        return new Append(claims, rows, deadline, false);
    }

    private static long sinceEpoch(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    /**
     * All of them in one statement, each with a number of its own, in the order of their customers' ids: two nodes that append
     * events of the same customers then wait for each other in one direction only.
     *
     * @param appends of one event each
     */
    static Append together(List<Append> appends) {
        return new Append(
                appends.stream().flatMap(each -> each.claims.stream()).toList(),
                appends.stream()
                        .flatMap(each -> each.rows.stream())
                        .sorted(Comparator.comparing(Row::customerId))
                        .toList(),
                appends.stream()
                        .map(each -> each.deadline)
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                true);
    }

    /** The texts of its events' payloads, in the order in which they came. */
    List<String> payloads() {
        return rows.stream().map(Row::payload).toList();
    }

    /** Whether it is one event that takes one reference at the most. */
    boolean isOne() {
        return rows.size() == 1 && claims.size() <= (isBehind() ? 0 : 1);
    }

    private boolean isBehind() {
        return rows.get(0).behind() != null;
    }

    /**
     * Appends, on a connection that is cut when that takes too long.
     *
     * @param alone whether each statement is a transaction of its own; the transaction is committed otherwise
     * @throws ReferencesTakenException when a reference is another customer's; nothing was written
     * @throws OptimisticLockingFailureException when a state that was decided on is not the newest; nothing was written
     */
    void execute(Connection connection, boolean alone) throws SQLException {
        Several several = isOne() ? null : several();
        String sql = several == null ? one() : several.sql();
        try (WriteDeadline.Guard guard = deadline.guard(connection);
                PreparedStatement append = connection.prepareStatement(alone ? sql : sql + COMMIT)) {
            int next = several == null ? bindOne(append) : bindAll(connection, append, several);
            append.setLong(next, guard.leftMillis());
            append.execute();
        } catch (SQLException refused) {
            boolean isEmpty = REFERENCES_TAKEN.equals(refused.getSQLState());
            if (isEmpty && !claims.isEmpty()) {
                throw new ReferencesTakenException(refused);
            }
            if (isEmpty || STALE.equals(refused.getSQLState())) {
                throw new OptimisticLockingFailureException("a customer was changed since it was remembered", refused);
            }
            throw refused;
        }
    }

    private String one() {
        if (isBehind()) {
            return ONE_BEHIND;
        }
        return claims.isEmpty() ? ONE_CLAIMING_NOTHING : ONE_CLAIMING_ONE;
    }

    private Several several() {
        if (isGroup) {
            return GROUP;
        }
        if (!rows.stream().allMatch(rows.get(0)::isLike)) {
            return MANY;
        }
        return rows.stream().allMatch(row -> row.behind() == null) ? MANY_NEW_ALIKE : MANY_ALIKE;
    }

    /** Sets the parameters of the one event and of its claim; returns the next one. */
    private int bindOne(PreparedStatement append) throws SQLException {
        int parameter = 1;
        for (Claim claim : claims) {
            append.setString(parameter++, claim.merchantId());
            append.setString(parameter++, claim.reference());
            append.setString(parameter++, claim.customerId());
        }
        Row row = rows.get(0);
        append.setString(parameter++, row.id());
        append.setString(parameter++, row.customerId());
        append.setInt(parameter++, row.sequence());
        append.setString(parameter++, row.type());
        append.setShort(parameter++, row.revision());
        append.setLong(parameter++, row.micros());
        append.setString(parameter++, row.payload());
        append.setString(parameter++, row.metadata());
        Remembered behind = row.behind();
        if (behind != null) {
            append.setString(parameter++, row.customerId());
            append.setInt(parameter++, row.sequence() - 1);
            append.setString(parameter++, behind.eventId());
            append.setLong(parameter++, sinceEpoch(behind.at()));
        }
        return parameter;
    }

    /** Sets the parameters of all claims and events, arrays; returns the next one. */
    private int bindAll(Connection connection, PreparedStatement append, Several several) throws SQLException {
        Arrays arrays = new Arrays(connection, append);
        arrays.bind("text", claims, Claim::merchantId, String[]::new);
        arrays.bind("text", claims, Claim::reference, String[]::new);
        arrays.bind("text", claims, Claim::customerId, String[]::new);
        append.setInt(arrays.next++, claims.size());
        if (several.areAlike()) {
            Row first = rows.get(0);
            append.setString(arrays.next++, first.type());
            append.setShort(arrays.next++, first.revision());
            append.setLong(arrays.next++, first.micros());
            append.setString(arrays.next++, first.metadata());
        }
        arrays.bind("text", rows, Row::id, String[]::new);
        arrays.bind("text", rows, Row::customerId, String[]::new);
        arrays.bind("int4", rows, Row::sequence, Integer[]::new);
        arrays.bind("text", rows, Row::payload, String[]::new);
        if (!several.areAlike()) {
            arrays.bind("text", rows, Row::type, String[]::new);
            arrays.bind("int2", rows, Row::revision, Short[]::new);
            arrays.bind("int8", rows, Row::micros, Long[]::new);
            arrays.bind("text", rows, Row::metadata, String[]::new);
        }
        if (several.areBehind()) {
            arrays.bind("text", rows, Row::behindId, String[]::new);
            arrays.bind("int8", rows, Row::behindMicros, Long[]::new);
        }
        append.setInt(arrays.next++, rows.size());
        return arrays.next;
    }

    /** Sets one parameter after the other. */
    private static final class Arrays {

        private final Connection connection;
        private final PreparedStatement statement;
        private int next = 1;

        Arrays(Connection connection, PreparedStatement statement) {
            this.connection = connection;
            this.statement = statement;
        }

        /**
         * @param array makes an array of the column's own type: of any other the driver makes a text, with every quotation
         *     mark of a payload escaped
         */
        <T, C> void bind(String type, List<T> rows, Function<T, @Nullable C> column, IntFunction<C[]> array)
                throws SQLException {
            Array values =
                    connection.createArrayOf(type, rows.stream().map(column).toArray(array));
            statement.setArray(next++, values);
        }
    }
}

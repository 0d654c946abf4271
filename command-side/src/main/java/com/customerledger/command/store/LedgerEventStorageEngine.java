package com.customerledger.command.store;

import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Axon's store of events on the table {@code ledger.events}. Unlike Axon's own JDBC engine it draws one number a
 * transaction, appends all events of a transaction and commits it by one request to the server, keeps events by logical
 * names, and loads the streams of a whole batch by one query ({@link #prefetch}). Works on the connection of the current
 * Spring transaction.
 * Thread-safe.
 *
 * <p>It serves the write side only: who wants to read the events in their order tails the table, so the tracking
 * methods are not supported. There are no snapshots.
 */
public final class LedgerEventStorageEngine implements EventStorageEngine {

    /** The aggregate's type in Axon's messages. */
    static final String AGGREGATE = "Customer";

    private static final String STREAMS = LedgerEventStorageEngine.class.getName() + ".streams";
    private static final String CLAIMS = LedgerEventStorageEngine.class.getName() + ".claims";

    // What every append ends with.
    private static final String END = """
            SELECT CASE WHEN count(*) = 0 THEN ledger.refuse('%s')
                        WHEN clock_timestamp() > statement_timestamp() + ? * interval '1 millisecond'
                        THEN ledger.refuse('%s')
                   END
              FROM appended;
            COMMIT
            """.formatted(Refused.REFERENCES_TAKEN, Refused.LATE);

    // One request for a whole write: claims, events and the commit. Whatever is wrong is raised as an error by a
    // function of ours, which names no values, and the server then passes over the commit.
    //
    // All locks on tables are taken before the first row is written, and the number is drawn behind the claims: a
    // reader that misses a number finds its owner among the holders of the lock on the events, and nobody who waits
    // for another's claim holds a number back. References are claimed in one order, so that batches with the same ones
    // queue up instead of locking each other out.
    private static final String APPEND = """
            WITH claimed AS (
                INSERT INTO ledger.reference_claims (merchant_id, reference, customer_id)
                SELECT ?, claim.reference, claim.customer_id
                  FROM unnest(?::text[], ?::text[]) AS claim(reference, customer_id)
                 ORDER BY claim.reference COLLATE "C"
                    ON CONFLICT DO NOTHING
                RETURNING 1),
            drawn AS MATERIALIZED (
                SELECT nextval('ledger.transaction_number') AS number
                  FROM (SELECT count(*) AS claims FROM claimed) AS made
                 WHERE made.claims = ?),
            appended AS (
                INSERT INTO ledger.events (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload,
                                           metadata)
                SELECT (drawn.number << %d) | (event.ordinal - 1), event.id::uuid, event.aggregate_id, event.sequence,
                       event.type, event.revision, timestamptz 'epoch' + event.micros * interval '1 microsecond',
                       event.payload, event.metadata
                  FROM drawn,
                       unnest(?::text[], ?::text[], ?::integer[], ?::text[], ?::smallint[], ?::bigint[], ?::text[],
                              ?::text[])
                       WITH ORDINALITY
                       AS event(id, aggregate_id, sequence, type, revision, micros, payload, metadata, ordinal)
                RETURNING 1)
            """.formatted(Positions.PLACE_BITS) + END;

    // The same for the most usual write, one event, which takes the server half the time without arrays.
    private static final String APPEND_ONE = """
            %sappended AS (
                INSERT INTO ledger.events (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload,
                                           metadata)
                SELECT nextval('ledger.transaction_number') << %d, ?::uuid, ?, ?, ?, ?,
                       timestamptz 'epoch' + ? * interval '1 microsecond', ?, ?%s
                RETURNING 1)
            """;

    private static final String APPEND_ONE_CLAIMING_NOTHING =
            APPEND_ONE.formatted("WITH ", Positions.PLACE_BITS, "") + END;

    private static final String APPEND_ONE_CLAIMING_ONE =
            APPEND_ONE.formatted("""
            WITH claimed AS (
                INSERT INTO ledger.reference_claims (merchant_id, reference, customer_id)
                VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING
                RETURNING 1),
            """, Positions.PLACE_BITS, " FROM claimed") + END;

    private static final String READ = """
            SELECT event_id, aggregate_id, sequence, type, revision,
                   (extract(epoch FROM occurred_at) * 1000000)::bigint, payload
              FROM ledger.events
             WHERE aggregate_id = ANY (?) AND sequence >= ?
             ORDER BY aggregate_id, sequence
            """;

    private final DataSource dataSource;

    /**
     * @param dataSource the one that the current transaction is on
     */
    public LedgerEventStorageEngine(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Reads the streams of those aggregates by one query, and keeps them for the current unit of work.
     *
     * @return the ids of those that have events
     */
    public Collection<String> prefetch(Collection<String> aggregateIds) {
        Map<String, List<DomainEventMessage<?>>> streams = read(aggregateIds, 0);
        CurrentUnitOfWork.get().resources().put(STREAMS, streams);
        return streams.keySet();
    }

    /**
     * Takes references together with the append of the current unit of work, which fails with
     * {@link ReferencesTakenException} when one of them is another customer's.
     *
     * @param claims the customers' ids by the references they take
     */
    public void take(String merchantId, Map<String, String> claims) {
        CurrentUnitOfWork.get().resources().put(CLAIMS, Claims.of(merchantId, claims));
    }

    /**
     * Appends the events of the current unit of work and commits its transaction: nothing is written after them.
     *
     * @throws ReferencesTakenException when a reference that is to be taken is another customer's; nothing was written
     */
    @Override
    public void appendEvents(List<? extends EventMessage<?>> events) {
        if (events.isEmpty()) {
            return;
        }
        if (events.size() > Positions.EVENTS_PER_TRANSACTION_MAX) {
            throw new IllegalStateException("a transaction appends at most " + Positions.EVENTS_PER_TRANSACTION_MAX
                    + " events, not " + events.size());
        }
        WriteDeadline deadline = WriteDeadline.current();
        Claims claims = CurrentUnitOfWork.get().getOrDefaultResource(CLAIMS, Claims.NONE);
        Rows rows = new Rows(events);
        onConnection(connection -> {
            deadline.guard(connection);
            boolean one = rows.count() == 1 && claims.count() <= 1;
            String sql = !one ? APPEND : claims.count() == 0 ? APPEND_ONE_CLAIMING_NOTHING : APPEND_ONE_CLAIMING_ONE;
            try (PreparedStatement append = connection.prepareStatement(sql)) {
                int next = one ? claims.bindOne(append) : claims.bind(connection, append);
                next = one ? rows.bindOne(append, next) : rows.bind(connection, append, next);
                append.setLong(next, deadline.leftMillis());
                return append.execute();
            } catch (SQLException refused) {
                if (Refused.REFERENCES_TAKEN.equals(refused.getSQLState())) {
                    throw new ReferencesTakenException(refused);
                }
                throw refused;
            }
        });
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        Map<String, List<DomainEventMessage<?>>> prefetched =
                CurrentUnitOfWork.get().getResource(STREAMS);
        List<DomainEventMessage<?>> stream = prefetched == null ? null : prefetched.get(aggregateIdentifier);
        if (stream == null || firstSequenceNumber > 0) {
            stream = read(List.of(aggregateIdentifier), firstSequenceNumber)
                    .getOrDefault(aggregateIdentifier, List.of());
        }
        return DomainEventStream.of(stream);
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        return Optional.empty();
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        throw new UnsupportedOperationException("the ledger has no snapshots");
    }

    @Override
    public Stream<? extends TrackedEventMessage<?>> readEvents(@Nullable TrackingToken token, boolean mayBlock) {
        throw new UnsupportedOperationException("the write side does not tail the ledger");
    }

    private Map<String, List<DomainEventMessage<?>>> read(Collection<String> aggregateIds, long firstSequence) {
        return onConnection(connection -> {
            Map<String, List<DomainEventMessage<?>>> streams = new HashMap<>();
            try (PreparedStatement read = connection.prepareStatement(READ)) {
                read.setArray(1, connection.createArrayOf("text", aggregateIds.toArray()));
                read.setLong(2, firstSequence);
                try (ResultSet rows = read.executeQuery()) {
                    while (rows.next()) {
                        DomainEventMessage<?> message = message(rows);
                        streams.computeIfAbsent(message.getAggregateIdentifier(), id -> new ArrayList<>())
                                .add(message);
                    }
                }
            }
            return streams;
        });
    }

    private static DomainEventMessage<LedgerEvent> message(ResultSet row) throws SQLException {
        String aggregateId = row.getString(2);
        Instant at = Instant.EPOCH.plus(row.getLong(6), ChronoUnit.MICROS);
        LedgerEvent event = EventCodec.event(row.getString(4), row.getInt(5), aggregateId, at, row.getString(7));
        return new GenericDomainEventMessage<>(
                AGGREGATE, aggregateId, row.getLong(3), event, Map.of(), row.getString(1), at);
    }

    private <T> T onConnection(Work<T> work) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw new StoreException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** The states with which an append is refused; see the function {@code ledger.refuse}. */
    private static final class Refused {

        static final String REFERENCES_TAKEN = "LG001";
        static final String LATE = "LG002";
    }

    /** The references that a transaction takes. */
    private static final class Claims {

        static final Claims NONE = new Claims("", new String[0], new String[0]);

        private final String merchantId;
        private final String[] references;
        private final String[] customerIds;

        private Claims(String merchantId, String[] references, String[] customerIds) {
            this.merchantId = merchantId;
            this.references = references;
            this.customerIds = customerIds;
        }

        static Claims of(String merchantId, Map<String, String> claims) {
            return new Claims(
                    merchantId,
                    claims.keySet().toArray(new String[0]),
                    claims.values().toArray(new String[0]));
        }

        int count() {
            return references.length;
        }

        /** Sets the parameters of one claim, or of none; returns the next one. */
        int bindOne(PreparedStatement append) throws SQLException {
            if (references.length == 0) {
                return 1;
            }
            append.setString(1, merchantId);
            append.setString(2, references[0]);
            append.setString(3, customerIds[0]);
            return 4;
        }

        /** Sets the parameters of all claims, arrays; returns the next one. */
        int bind(Connection connection, PreparedStatement append) throws SQLException {
            append.setString(1, merchantId);
            append.setArray(2, connection.createArrayOf("text", references));
            append.setArray(3, connection.createArrayOf("text", customerIds));
            append.setInt(4, references.length);
            return 5;
        }
    }

    /** The columns of the events that a transaction appends, an array each. */
    private static final class Rows {

        private final String[] ids;
        private final String[] aggregateIds;
        private final Integer[] sequences;
        private final String[] types;
        private final Short[] revisions;
        private final Long[] micros;
        private final String[] payloads;
        private final String[] metadata;

        Rows(List<? extends EventMessage<?>> events) {
            int size = events.size();
            ids = new String[size];
            aggregateIds = new String[size];
            sequences = new Integer[size];
            types = new String[size];
            revisions = new Short[size];
            micros = new Long[size];
            payloads = new String[size];
            metadata = new String[size];
            // All events of a unit of work have the metadata of its one command.
            String cause = EventCodec.metadata(CommandCause.of(events.get(0)));
            for (int i = 0; i < size; i++) {
                DomainEventMessage<?> message = (DomainEventMessage<?>) events.get(i);
                LedgerEvent event = (LedgerEvent) message.getPayload();
                ids[i] = message.getIdentifier();
                aggregateIds[i] = event.customerId();
                sequences[i] = Math.toIntExact(message.getSequenceNumber());
                types[i] = EventCodec.type(event);
                revisions[i] = (short) EventCodec.revision(event);
                micros[i] = ChronoUnit.MICROS.between(Instant.EPOCH, event.at());
                payloads[i] = EventCodec.payload(event);
                metadata[i] = cause;
            }
        }

        int count() {
            return ids.length;
        }

        /** Sets the parameters of the one event; returns the next one. */
        int bindOne(PreparedStatement append, int first) throws SQLException {
            int parameter = first;
            append.setString(parameter++, ids[0]);
            append.setString(parameter++, aggregateIds[0]);
            append.setInt(parameter++, sequences[0]);
            append.setString(parameter++, types[0]);
            append.setShort(parameter++, revisions[0]);
            append.setLong(parameter++, micros[0]);
            append.setString(parameter++, payloads[0]);
            append.setString(parameter++, metadata[0]);
            return parameter;
        }

        /** Sets the parameters of all events, arrays; returns the next one. */
        int bind(Connection connection, PreparedStatement append, int first) throws SQLException {
            int parameter = first;
            for (Array column : new Array[] {
                connection.createArrayOf("text", ids),
                connection.createArrayOf("text", aggregateIds),
                connection.createArrayOf("int4", sequences),
                connection.createArrayOf("text", types),
                connection.createArrayOf("int2", revisions),
                connection.createArrayOf("int8", micros),
                connection.createArrayOf("text", payloads),
                connection.createArrayOf("text", metadata)
            }) {
                append.setArray(parameter++, column);
            }
            return parameter;
        }
    }
}

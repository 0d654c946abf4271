package com.customerledger.command.store;

import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
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
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Axon's store of events on the table {@code ledger.events}. Unlike Axon's own JDBC engine it draws one number a
 * transaction, appends all events of a transaction and commits it by one request to the server, keeps events by logical
 * names, and loads the streams of a whole batch by one query ({@link #prefetch}). Works on the connection of the current
 * Spring transaction; what concurrent commands append, one event each, goes together, see {@link AppendGroups}. Thread-safe.
 *
 * <p>It serves the write side only: who wants to read the events in their order tails the table, so the tracking
 * methods are not supported. There are no snapshots.
 */
public final class LedgerEventStorageEngine implements EventStorageEngine {

    /** The aggregate's type in Axon's messages. */
    static final String AGGREGATE = "Customer";

    private static final String STREAMS = LedgerEventStorageEngine.class.getName() + ".streams";
    private static final String CLAIMS = LedgerEventStorageEngine.class.getName() + ".claims";

    private static final String COLUMNS = """
            SELECT event_id, aggregate_id, sequence, type, revision,
                   (extract(epoch FROM occurred_at) * 1000000)::bigint, payload
            """;

    // One stream is a walk along the index, and nothing is sorted.
    private static final String READ_ONE = COLUMNS + """
              FROM ledger.events
             WHERE aggregate_id = ? AND sequence >= ?
             ORDER BY sequence
            """;

    // Several are as many walks, one after the other: with = ANY the streams would be sorted as one.
    private static final String READ_MANY = COLUMNS + """
              FROM unnest(?::text[]) AS wanted (id)
             CROSS JOIN LATERAL (
                   SELECT *
                     FROM ledger.events
                    WHERE aggregate_id = wanted.id AND sequence >= ?
                    ORDER BY sequence) AS stream
            """;

    private final DataSource dataSource;
    private final AppendGroups groups = new AppendGroups(AppendGroups.PATIENCE_MS);

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
        List<Append.Claim> taken = new ArrayList<>(claims.size());
        claims.forEach((reference, customerId) -> taken.add(new Append.Claim(merchantId, reference, customerId)));
        CurrentUnitOfWork.get().resources().put(CLAIMS, taken);
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
        Append append = Append.of(
                events, CurrentUnitOfWork.get().getOrDefaultResource(CLAIMS, List.of()), WriteDeadline.current());
        onConnection((connection, alone) -> {
            if (alone && append.isOne()) {
                groups.append(append, connection);
            } else {
                append.execute(connection, alone);
            }
            return append;
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
        return onConnection((connection, alone) -> {
            Map<String, List<DomainEventMessage<?>>> streams = new HashMap<>();
            String[] ids = aggregateIds.toArray(new String[0]);
            try (PreparedStatement read = connection.prepareStatement(ids.length == 1 ? READ_ONE : READ_MANY)) {
                if (ids.length == 1) {
                    read.setString(1, ids[0]);
                } else {
                    read.setArray(1, connection.createArrayOf("text", ids));
                }
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

    /**
     * Works on the connection of the current transaction. One that the server does not know of yet is not begun for it: the
     * work is a transaction of its own, which saves the server a statement before and one behind it. Nothing is lost with
     * that: what a stream says holds by the unique sequences of the events, not by a snapshot.
     */
    private <T> T onConnection(Work<T> work) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            boolean alone = connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
            connection.setAutoCommit(alone);
            T done;
            try {
                done = work.on(connection, alone);
            } catch (SQLException | RuntimeException failure) {
                giveBack(connection, failure);
                throw failure;
            }
            connection.setAutoCommit(false);
            return done;
        } catch (SQLException e) {
            throw new StoreException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /** Lets the transaction end as it will; a connection that was lost is found lost again then. */
    private static void giveBack(Connection connection, Exception failure) {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException lost) {
            failure.addSuppressed(lost);
        }
    }

    private interface Work<T> {

        /**
         * @param alone whether each statement is a transaction of its own
         */
        T on(Connection connection, boolean alone) throws SQLException;
    }
}

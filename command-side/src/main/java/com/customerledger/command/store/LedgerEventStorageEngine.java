package com.customerledger.command.store;

import com.customerledger.command.store.RememberedStates.Remembered;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.EventCodec;
import com.customerledger.events.Handover;
import com.customerledger.events.Handover.Decided;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Positions;
import com.customerledger.events.customer.CustomerRecord;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
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
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Axon's store of events on the table {@code ledger.events}. Unlike Axon's own JDBC engine it draws one number a
 * transaction, appends all events of a transaction and commits it by one request to the server, keeps events by logical
 * names, loads the streams of a whole batch by one query ({@link #prefetch}), and remembers what aggregates became
 * ({@link #recall}). Works on the connection of the current Spring transaction; what concurrent commands append, one event
 * each, goes together, see {@link AppendGroups}. Thread-safe.
 *
 * <p>It serves the write side only: who wants to read the events in their order tails the table, so the tracking
 * methods are not supported. There are no snapshots.
 */
public final class LedgerEventStorageEngine implements EventStorageEngine {

    /** The aggregate's type in Axon's messages. */
    static final String AGGREGATE = "Customer";

    private static final String STREAMS = LedgerEventStorageEngine.class.getName() + ".streams";
    private static final String CLAIMS = LedgerEventStorageEngine.class.getName() + ".claims";
    private static final String RECALLED = LedgerEventStorageEngine.class.getName() + ".recalled";
    private static final String STATES = LedgerEventStorageEngine.class.getName() + ".states";
    private static final String BEFORE = LedgerEventStorageEngine.class.getName() + ".before";

    // Of the event that made a remembered state only that it is there.
    private static final String COLUMNS = """
            SELECT event_id, aggregate_id, sequence, type, revision,
                   (extract(epoch FROM occurred_at) * 1000000)::bigint, CASE WHEN sequence > %s THEN payload END
            """;

    // One stream is a walk along the index, and nothing is sorted.
    private static final String READ_ONE = COLUMNS.formatted("?") + """
              FROM ledger.events
             WHERE aggregate_id = ? AND sequence >= ?
             ORDER BY sequence
            """;

    // Several are as many walks, one after the other: with = ANY the streams would be sorted as one.
    private static final String READ_MANY = COLUMNS.formatted("wanted.remembered") + """
              FROM unnest(?::text[], ?::integer[]) AS wanted (id, remembered)
             CROSS JOIN LATERAL (
                   SELECT *
                     FROM ledger.events
                    WHERE aggregate_id = wanted.id AND sequence >= wanted.remembered
                    ORDER BY sequence) AS stream
            """;

    /** What stands for a place in a stream before the first event. */
    private static final long NOWHERE = -1;

    private final DataSource dataSource;
    private final AppendGroups groups = new AppendGroups(AppendGroups.PATIENCE_MS, AppendGroups.SECOND_MIN);
    private final RememberedStates states = new RememberedStates();
    private final Handover handover;

    /**
     * @param dataSource the one that the current transaction is on
     * @param handover hears of all events before they are appended
     */
    public LedgerEventStorageEngine(DataSource dataSource, Handover handover) {
        this.dataSource = dataSource;
        this.handover = handover;
    }

    /**
     * Reads the streams of those aggregates by one query, and keeps them for the current unit of work. A stream may begin
     * with a state in place of the events that made it, see {@link #remember}.
     *
     * @return the ids of those that have events
     */
    public Collection<String> prefetch(Collection<String> aggregateIds) {
        Map<String, Remembered> remembered = states.of(aggregateIds);
        Map<String, List<DomainEventMessage<?>>> streams = read(aggregateIds, remembered);
        List<String> wrong = remembered.keySet().stream()
                .filter(id -> !beginsWith(remembered.get(id), streams.get(id)))
                .toList();
        if (!wrong.isEmpty()) {
            // A crash or a failover took an event back that was remembered as committed.
            states.forget(wrong);
            streams.keySet().removeAll(wrong);
            streams.putAll(read(wrong, Map.of()));
        }
        Map<String, Object> resources = CurrentUnitOfWork.get().resources();
        resources.put(STREAMS, streams);
        resources.remove(RECALLED);
        return streams.keySet();
    }

    /**
     * Aggregates as they are known without loading them, and the others.
     *
     * @param states those that are remembered, by their ids
     * @param read the ids of those whose streams were read, as by {@link #prefetch}
     */
    public record Recalled(Map<String, AggregateState> states, Collection<String> read) {}

    /**
     * What is remembered of those aggregates, with nothing asked of the store: the append of the current unit of work asks
     * whether it still holds, and fails as one that meets another's does. What is not followed by an append is to be
     * asked for by {@link #prefetch}. The streams of those that are not remembered are read.
     *
     * @return null when none of them is remembered
     */
    public @Nullable Recalled recall(Collection<String> aggregateIds) {
        Map<String, Remembered> remembered = states.of(aggregateIds);
        if (remembered.isEmpty()) {
            return null;
        }
        Map<String, List<DomainEventMessage<?>>> streams = new HashMap<>();
        Set<String> others = new TreeSet<>(aggregateIds);
        others.removeAll(remembered.keySet());
        if (!others.isEmpty()) {
            streams.putAll(read(others, Map.of()));
        }
        Recalled recalled = new Recalled(new HashMap<>(), List.copyOf(streams.keySet()));
        remembered.forEach((id, each) -> {
            streams.put(id, List.of(each.message(id)));
            recalled.states().put(id, each.state());
        });
        Map<String, Object> resources = CurrentUnitOfWork.get().resources();
        resources.put(STREAMS, streams);
        resources.put(RECALLED, remembered);
        return recalled;
    }

    private static boolean beginsWith(@Nullable Remembered remembered, @Nullable List<DomainEventMessage<?>> stream) {
        return remembered != null && stream != null && stream.get(0).getPayload() == remembered.state();
    }

    /**
     * Lets aggregates be loaded from their states once the current unit of work has appended its events: the next load
     * hands such a state to the aggregate as if it were its first event.
     *
     * @param after immutable states after all events of the unit of work, by the aggregates' ids
     */
    public void remember(Map<String, ? extends AggregateState> after) {
        CurrentUnitOfWork.get().resources().put(STATES, after);
    }

    /**
     * Hands the customers on together with the events of the current unit of work.
     *
     * @param before what they are before these events, by their ids
     */
    public void decidedOn(Map<String, CustomerRecord> before) {
        CurrentUnitOfWork.get().resources().put(BEFORE, before);
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
     * @throws OptimisticLockingFailureException when a state that was recalled is not the newest; nothing was written
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
        UnitOfWork<?> unit = CurrentUnitOfWork.get();
        Map<String, Remembered> recalled = unit.getOrDefaultResource(RECALLED, Map.of());
        Append append =
                Append.of(events, unit.getOrDefaultResource(CLAIMS, List.of()), recalled, WriteDeadline.current());
        handover.take(decided(events, append.payloads(), unit.getOrDefaultResource(BEFORE, Map.of())));
        try {
            onConnection((connection, alone) -> {
                if (alone && append.isOne()) {
                    groups.append(append, connection);
                } else {
                    append.execute(connection, alone);
                }
                return append;
            });
        } catch (RuntimeException failure) {
            // The next attempt asks the store.
            states.forget(recalled.keySet());
            throw failure;
        }
        states.committed(events, unit.getOrDefaultResource(STATES, Map.of()));
    }

    private static List<Decided> decided(
            List<? extends EventMessage<?>> events, List<String> payloads, Map<String, CustomerRecord> before) {
        Map<String, Decided> newest = new HashMap<>();
        List<Decided> decided = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            EventMessage<?> message = events.get(i);
            LedgerEvent event = (LedgerEvent) message.getPayload();
            Decided last = newest.get(event.customerId());
            CustomerRecord customer = last == null ? before.get(event.customerId()) : after(last);
            Decided next = new Decided(
                    UUID.fromString(message.getIdentifier()),
                    payloads.get(i),
                    event,
                    customer != null && customer.isSmall() ? customer : null);
            newest.put(event.customerId(), next);
            decided.add(next);
        }
        return decided;
    }

    private static @Nullable CustomerRecord after(Decided last) {
        boolean isKnown = last.before() != null || last.event() instanceof CustomerCreated;
        return isKnown ? CustomerRecord.after(last.before(), last.event()) : null;
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        Map<String, List<DomainEventMessage<?>>> prefetched =
                CurrentUnitOfWork.get().getResource(STREAMS);
        List<DomainEventMessage<?>> stream = prefetched == null ? null : prefetched.get(aggregateIdentifier);
        if (stream == null || firstSequenceNumber > 0) {
            stream = read(List.of(aggregateIdentifier), Map.of()).getOrDefault(aggregateIdentifier, List.of()).stream()
                    .filter(event -> event.getSequenceNumber() >= firstSequenceNumber)
                    .toList();
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

    /** Streams from their beginnings, or from the remembered states on where the events that made these are there. */
    private Map<String, List<DomainEventMessage<?>>> read(
            Collection<String> aggregateIds, Map<String, Remembered> remembered) {
        return onConnection((connection, alone) -> {
            Map<String, List<DomainEventMessage<?>>> streams = new HashMap<>();
            try (PreparedStatement read =
                    connection.prepareStatement(aggregateIds.size() == 1 ? READ_ONE : READ_MANY)) {
                bind(connection, read, List.copyOf(aggregateIds), remembered);
                try (ResultSet rows = read.executeQuery()) {
                    while (rows.next()) {
                        String id = rows.getString(2);
                        DomainEventMessage<?> message = message(rows, id, remembered.get(id));
                        if (message != null) {
                            add(streams.computeIfAbsent(id, each -> new ArrayList<>()), message);
                        }
                    }
                }
            }
            return streams;
        });
    }

    private static void add(List<DomainEventMessage<?>> stream, DomainEventMessage<?> message) {
        if (!stream.isEmpty() && stream.get(stream.size() - 1).getSequenceNumber() >= message.getSequenceNumber()) {
            throw new IllegalStateException("the events of " + message.getAggregateIdentifier() + " are out of order");
        }
        stream.add(message);
    }

    private static void bind(
            Connection connection, PreparedStatement read, List<String> ids, Map<String, Remembered> remembered)
            throws SQLException {
        List<Long> from = ids.stream()
                .map(id -> {
                    Remembered state = remembered.get(id);
                    return state == null ? NOWHERE : state.sequence();
                })
                .toList();
        if (ids.size() == 1) {
            read.setLong(1, from.get(0));
            read.setString(2, ids.get(0));
            read.setLong(3, from.get(0));
        } else {
            read.setArray(1, connection.createArrayOf("text", ids.toArray(new String[0])));
            read.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", from.stream().map(Long::intValue).toArray(Integer[]::new)));
        }
    }

    /**
     * The event of the row, or the state that is remembered after it; null where another event stands in the place of the
     * one that made the state.
     */
    private static @Nullable DomainEventMessage<?> message(
            ResultSet row, String aggregateId, @Nullable Remembered remembered) throws SQLException {
        String eventId = row.getString(1);
        long sequence = row.getLong(3);
        Instant at = Instant.EPOCH.plus(row.getLong(6), ChronoUnit.MICROS);
        if (remembered != null && sequence == remembered.sequence()) {
            return remembered.isAfter(eventId, at) ? remembered.message(aggregateId) : null;
        }
        LedgerEvent event = EventCodec.event(row.getString(4), row.getInt(5), aggregateId, at, row.getString(7));
        return new GenericDomainEventMessage<>(AGGREGATE, aggregateId, sequence, event, Map.of(), eventId, at);
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

package com.customerledger.command.customer;

import com.customerledger.command.idempotency.IdempotencyKeys;
import com.customerledger.command.store.CommandCause;
import com.customerledger.command.store.JdbcTransactions;
import com.customerledger.command.store.LedgerEventStorageEngine;
import com.customerledger.events.customer.CustomerJson;
import java.time.Instant;
import java.util.function.Supplier;
import org.axonframework.commandhandling.AnnotationCommandHandlerAdapter;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Puts Axon's parts together by hand: the bus on the caller's thread, the repository on our storage engine, the command
 * handlers. Nothing is left to Axon's defaults that has a serializer or a token store.
 */
public final class WriteSide {

    /**
     * Where a command's message says whether its references are asked for before anything is decided, which costs a way to
     * the database, or only taken with the events: a {@link Boolean}.
     */
    public static final String ASKS_FIRST = "asks-first";

    private WriteSide() {}

    /**
     * The bus that handles the ledger's commands, each in one transaction.
     *
     * @param jdbc on the data source of the transactions
     * @param time gives the time of a transaction's events, late in it
     */
    public static CommandBus bus(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            LedgerEventStorageEngine store,
            IdempotencyKeys idempotency,
            CustomerJson json,
            Supplier<Instant> time) {
        EventSourcingRepository<Customer> repository = EventSourcingRepository.builder(Customer.class)
                .eventStore(EmbeddedEventStore.builder().storageEngine(store).build())
                // Commands of one process about one customer take turns before they get here; against other processes
                // the unique sequence stands.
                .lockFactory(NullLockFactory.INSTANCE)
                .build();
        SimpleCommandBus bus = SimpleCommandBus.builder()
                .transactionManager(new JdbcTransactions(transactions))
                .build();
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(new CommandCause()));
        subscribe(bus, new CustomerBatches(store, repository, new ReferenceClaims(jdbc), idempotency, json, time));
        subscribe(bus, new PaymentBatches(store, repository, new PaymentClaims(jdbc), idempotency, time));
        return bus;
    }

    private static <T> void subscribe(CommandBus bus, T handlers) {
        new AnnotationCommandHandlerAdapter<>(handlers).subscribe(bus);
    }
}

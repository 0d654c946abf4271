package com.customerledger.command;

import com.customerledger.command.customer.WriteSide;
import com.customerledger.command.database.DatabaseAutoConfiguration;
import com.customerledger.command.database.FixedTables;
import com.customerledger.command.dispatch.AxonCommands;
import com.customerledger.command.dispatch.WriteStop;
import com.customerledger.command.idempotency.ExpiredKeys;
import com.customerledger.command.idempotency.IdempotencyKeys;
import com.customerledger.command.store.LedgerEventStorageEngine;
import com.customerledger.command.store.WriteDeadline;
import com.customerledger.command.store.WritePool;
import com.customerledger.events.Handover;
import com.customerledger.events.HeadSignal;
import com.customerledger.events.command.Commands;
import com.customerledger.events.command.WriteGuard;
import com.customerledger.events.command.WritesHealth;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.database.LedgerDatabase;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.common.lock.PessimisticLockFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.util.function.SingletonSupplier;

/** The write side of a node that has the role {@code command}. */
@AutoConfiguration(after = DatabaseAutoConfiguration.class)
@ConditionalOnExpression("${ledger.serve:false} and '${ledger.roles:command,query}'.contains('command')")
@EnableConfigurationProperties(CommandSideSettings.class)
class CommandSideAutoConfiguration {

    private static final int LOCK_ATTEMPTS = 30;
    private static final int LOCK_ATTEMPT_MILLIS = 100;

    @Bean(destroyMethod = "close")
    HikariDataSource writePool(LedgerDatabase database, FixedTables tables, CommandSideSettings settings) {
        tables.make();
        return WritePool.open(
                database,
                settings.write().connectionsMax(),
                settings.write().connectionWaitMaxMs(),
                settings.write().transactionMaxMs());
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService writeWatch() {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "ledger-write-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Bean
    DataSourceTransactionManager writeTransactions(HikariDataSource writePool) {
        return new DataSourceTransactionManager(writePool);
    }

    @Bean
    IdempotencyKeys idempotencyKeys(HikariDataSource writePool, DataSourceTransactionManager writeTransactions) {
        return new IdempotencyKeys(new JdbcTemplate(writePool), writeTransactions);
    }

    @Bean(destroyMethod = "close")
    ExpiredKeys expiredKeys(IdempotencyKeys idempotencyKeys) {
        return new ExpiredKeys(idempotencyKeys);
    }

    @Bean
    WriteStop writeStop(
            HikariDataSource writePool, ScheduledExecutorService writeWatch, ObjectProvider<WriteGuard> guards) {
        // Found once: to ask for beans takes longer than to handle a command.
        Supplier<List<WriteGuard>> others = SingletonSupplier.of(() ->
                guards.stream().filter(guard -> !(guard instanceof WriteStop)).toList());
        return new WriteStop(new JdbcTemplate(writePool), writeWatch, others);
    }

    @Bean
    Commands commands(
            HikariDataSource writePool,
            DataSourceTransactionManager writeTransactions,
            ScheduledExecutorService writeWatch,
            IdempotencyKeys idempotencyKeys,
            FixedTables tables,
            WriteStop writeStop,
            CommandSideSettings settings,
            ObjectProvider<HeadSignal> signals,
            ObjectProvider<Handover> handovers) {
        Supplier<Instant> time = () -> WriteDeadline.begin(
                Clock.systemUTC(), writeWatch, settings.write().transactionMaxMs());
        Supplier<List<Handover>> takers =
                SingletonSupplier.of(() -> handovers.stream().toList());
        CommandBus bus = WriteSide.bus(
                new JdbcTemplate(writePool),
                writeTransactions,
                new LedgerEventStorageEngine(writePool, events -> takers.get().forEach(taker -> taker.take(events))),
                idempotencyKeys,
                new CustomerJson(settings.timeZone()),
                time);
        PessimisticLockFactory locks = PessimisticLockFactory.builder()
                .acquireAttempts(LOCK_ATTEMPTS)
                .lockAttemptTimeout(LOCK_ATTEMPT_MILLIS)
                .build();
        Supplier<List<HeadSignal>> found =
                SingletonSupplier.of(() -> signals.stream().toList());
        Commands commands = new AxonCommands(bus, locks, () -> found.get().forEach(HeadSignal::committed));
        return command -> {
            tables.require();
            writeStop.require();
            return commands.execute(command);
        };
    }

    @Bean
    WritesHealth writesHealth(HikariDataSource writePool, FixedTables tables, WriteStop writeStop) {
        return () -> {
            if (!tables.ready()) {
                return List.of("the database has not been reached since the start");
            }
            String refusal = writeStop.refusal();
            if (refusal != null) {
                return List.of(refusal);
            }
            // A pool that lost all its connections looks for the database with pauses that grow to a few seconds.
            return writePool.getHikariPoolMXBean().getTotalConnections() > 0
                    ? List.of()
                    : List.of("the write side has no connection to the database");
        };
    }
}

package com.customerledger.command.dispatch;

import com.customerledger.command.customer.WriteSide;
import com.customerledger.command.store.CommandCause;
import com.customerledger.command.store.ReferencesTakenException;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.command.Answer;
import com.customerledger.events.command.Caller;
import com.customerledger.events.command.Command;
import com.customerledger.events.command.Commands;
import com.customerledger.events.command.CreateCustomers;
import com.customerledger.events.command.Idempotency;
import com.customerledger.events.command.StartPayments;
import com.customerledger.events.command.StopPayments;
import com.customerledger.events.command.UpdateCustomers;
import com.customerledger.events.refusal.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.lock.Lock;
import org.axonframework.common.lock.LockAcquisitionFailedException;
import org.axonframework.common.lock.LockFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands through Axon's bus on the caller's thread. Commands of this process about the same customers take turns
 * before they take a connection; what loses against another process is tried again, a bounded number of times and after
 * a random pause. Thread-safe.
 */
public final class AxonCommands implements Commands {

    private static final Logger LOG = LoggerFactory.getLogger(AxonCommands.class);

    /** How often a command is tried that other processes are in the way of. */
    static final int ATTEMPTS_MAX = 12;

    private static final long PAUSE_FIRST_MILLIS = 4;
    private static final long PAUSE_MAX_MILLIS = 200;

    private final CommandBus bus;
    private final LockFactory locks;
    private final Runnable committed;

    /**
     * @param bus handles commands on the caller's thread
     * @param locks by customer's id; a lock that is waited for too long fails
     * @param committed called after each command that succeeded
     */
    public AxonCommands(CommandBus bus, LockFactory locks, Runnable committed) {
        this.bus = bus;
        this.locks = locks;
        this.committed = committed;
    }

    @Override
    public Answer execute(Command command) {
        Deque<Lock> held = new ArrayDeque<>();
        try {
            // In the order of the ids, so that two batches can't wait for each other.
            for (String id : new TreeSet<>(customers(command).toList())) {
                held.push(locks.obtainLock(id));
            }
            Answer answer = retried(command);
            committed.run();
            return answer;
        } catch (LockAcquisitionFailedException e) {
            throw new UnavailableException("too many requests about the same customer", e);
        } finally {
            held.forEach(Lock::release);
        }
    }

    private Answer retried(Command command) {
        boolean asksFirst = false;
        for (int attempt = 1; ; attempt++) {
            Throwable failure = null;
            try {
                return once(command, asksFirst);
            } catch (RefusedException | UnavailableException e) {
                throw e;
            } catch (ReferencesTakenException e) {
                // It is to be refused, most likely, and then with all that is wrong with it.
                asksFirst = true;
                continue;
            } catch (RuntimeException e) {
                failure = e;
            }
            Failure kind = Failure.of(failure);
            if (kind == Failure.UNEXPECTED) {
                throw (RuntimeException) failure;
            }
            if (kind == Failure.UNAVAILABLE || attempt == ATTEMPTS_MAX) {
                LOG.warn("a command could not be carried out after {} attempts: {}", attempt, Failure.summary(failure));
                throw new UnavailableException("the ledger can't write now", failure);
            }
            pause(attempt);
        }
    }

    private Answer once(Command command, boolean asksFirst) {
        CommandMessage<?> message = GenericCommandMessage.asCommandMessage(command)
                .withMetaData(Map.of(CommandCause.METADATA_KEY, cause(command), WriteSide.ASKS_FIRST, asksFirst));
        AtomicReference<@Nullable CommandResultMessage<?>> result = new AtomicReference<>();
        bus.dispatch(message, (sent, answered) -> result.set(answered));
        CommandResultMessage<?> answered = result.get();
        if (answered == null) {
            throw new IllegalStateException("the bus does not answer on the caller's thread");
        }
        if (answered.isExceptional()) {
            Throwable failure = answered.exceptionResult();
            throw failure instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("a command failed", failure);
        }
        return (Answer) answered.getPayload();
    }

    private static EventMetadata cause(Command command) {
        Caller caller = command.caller();
        Idempotency idempotency = command.idempotency();
        return new EventMetadata(
                caller.key(), caller.requestId(), idempotency == null ? null : sha256(idempotency.key()));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Stream<String> customers(Command command) {
        if (command instanceof UpdateCustomers update) {
            return update.records().stream().flatMap(each -> Stream.ofNullable(each.id()));
        }
        if (command instanceof StartPayments start) {
            return start.records().stream().flatMap(each -> Stream.ofNullable(each.customerId()));
        }
        if (command instanceof StopPayments stop) {
            return stop.records().stream().flatMap(each -> Stream.ofNullable(each.customerId()));
        }
        if (command instanceof CreateCustomers) {
            return Stream.empty();
        }
        throw new IllegalStateException("an unknown command: " + command.getClass());
    }

    private static void pause(int attempt) {
        long bound = Math.min(PAUSE_MAX_MILLIS, PAUSE_FIRST_MILLIS << attempt);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, bound + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the ledger is stopping", e);
        }
    }
}

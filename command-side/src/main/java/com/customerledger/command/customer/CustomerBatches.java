package com.customerledger.command.customer;

import com.customerledger.command.customer.Customers.Loaded;
import com.customerledger.command.idempotency.IdempotencyKeys;
import com.customerledger.command.store.LedgerEventStorageEngine;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.command.Answer;
import com.customerledger.events.command.CreateCustomers;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.command.UpdateCustomers;
import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.refusal.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Decides batches of new and changed customers: every fault of every record is found before anything happens, and then
 * all of it happens or nothing. Thread-safe; each batch in a unit of work of its own.
 */
final class CustomerBatches {

    private final LedgerEventStorageEngine store;
    private final Repository<Customer> repository;
    private final ReferenceClaims references;
    private final IdempotencyKeys idempotency;
    private final CustomerJson json;
    private final Supplier<Instant> time;

    CustomerBatches(
            LedgerEventStorageEngine store,
            Repository<Customer> repository,
            ReferenceClaims references,
            IdempotencyKeys idempotency,
            CustomerJson json,
            Supplier<Instant> time) {
        this.store = store;
        this.repository = repository;
        this.references = references;
        this.idempotency = idempotency;
        this.json = json;
        this.time = time;
    }

    @CommandHandler
    Answer handle(CreateCustomers command, @MetaDataValue(WriteSide.ASKS_FIRST) Boolean asksFirst) {
        return idempotency.answer(command, () -> asksFirst ? createAskingFirst(command) : create(command));
    }

    @CommandHandler
    Answer handle(UpdateCustomers command) {
        return idempotency.answer(command, () -> update(command));
    }

    /** Takes the references with the events; anything that is wrong with a record leads to the other way. */
    private byte[] create(CreateCustomers command) {
        List<NewCustomer> records = command.records();
        Map<String, String> claims = new TreeMap<>();
        Instant at = time.get();
        List<List<LedgerEvent>> decided = new ArrayList<>(records.size());
        for (NewCustomer record : records) {
            Decision decision = CustomerState.create(record, command.caller(), at);
            String reference = reference(record.fields().get(CustomerField.REFERENCE));
            if (!decision.faults().isEmpty() || reference == null || claims.put(reference, record.id()) != null) {
                return createAskingFirst(command);
            }
            decided.add(decision.events());
        }
        store.take(command.caller().merchantId(), claims);
        return created(command, decided);
    }

    /** Finds every fault of every record. */
    private byte[] createAskingFirst(CreateCustomers command) {
        BatchFaults faults = new BatchFaults();
        List<NewCustomer> records = command.records();
        Wanted wanted = new Wanted(faults);
        for (int i = 0; i < records.size(); i++) {
            NewCustomer record = records.get(i);
            wanted.add(i, reference(record.fields().get(CustomerField.REFERENCE)), record.id());
        }
        wanted.take(command.caller().merchantId());

        Instant at = time.get();
        List<List<LedgerEvent>> decided = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            Decision decision = CustomerState.create(records.get(i), command.caller(), at);
            faults.add(i, decision.faults());
            decided.add(decision.events());
        }
        faults.refuseIfAny();
        return created(command, decided);
    }

    private byte[] created(CreateCustomers command, List<List<LedgerEvent>> decided) {
        List<CustomerRecord> results = new ArrayList<>(decided.size());
        for (List<LedgerEvent> events : decided) {
            Customers.create(repository, events);
            results.add(CustomerState.NONE.evolve(events).existing());
        }
        return Answers.customers(json, results, command.withVersions());
    }

    /** Decides on what is remembered; where that can't be confirmed by an append, on what the store has. */
    private byte[] update(UpdateCustomers command) {
        List<String> ids = command.records().stream()
                .flatMap(each -> Stream.ofNullable(each.id()))
                .toList();
        String merchant = command.caller().merchantId();
        if (command.records().stream().noneMatch(each -> each.fields().has(CustomerField.REFERENCE))) {
            Customers remembered = Customers.recall(store, repository, merchant, ids);
            byte[] answer = remembered == null ? null : update(command, remembered, true);
            if (answer != null) {
                return answer;
            }
        }
        return Objects.requireNonNull(update(command, Customers.load(store, repository, merchant, ids), false));
    }

    /**
     * @param recalled whether the customers are what is remembered of them
     * @return null, with nothing done, when they are and something else is to be said than that each of them was changed
     */
    private byte @Nullable [] update(UpdateCustomers command, Customers customers, boolean recalled) {
        BatchFaults faults = new BatchFaults();
        List<CustomerUpdate> records = command.records();
        List<@Nullable Loaded> targets = new ArrayList<>(records.size());
        Wanted wanted = new Wanted(faults);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < records.size(); i++) {
            CustomerUpdate record = records.get(i);
            Loaded target = target(customers, record, i, seen, faults);
            targets.add(target);
            if (target != null) {
                String reference = reference(record.fields().get(CustomerField.REFERENCE));
                String before = reference(target.before().existing().values().get(CustomerField.REFERENCE));
                if (reference != null && before != null && !reference.equals(before)) {
                    wanted.givenUp.put(before, target.before().existing().id());
                    wanted.add(i, reference, target.before().existing().id());
                }
            }
        }
        wanted.take(command.caller().merchantId());

        Instant at = time.get();
        List<CustomerRecord> results = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            Loaded target = targets.get(i);
            if (target != null) {
                Decision decision = target.state().update(records.get(i), command.caller(), at);
                faults.add(i, decision.faults());
                target.decided(decision.events());
                results.add(target.state().existing());
            }
        }
        if (recalled && (faults.any() || !customers.areAllChanged())) {
            return null;
        }
        faults.refuseIfAny();
        customers.publish();
        return Answers.customers(json, results, command.withVersions());
    }

    /** The customer that the record is about; null, with a fault, when it is none or had its turn already. */
    private static @Nullable Loaded target(
            Customers customers, CustomerUpdate record, int index, Set<String> seen, BatchFaults faults) {
        Loaded found = customers.find(record.id());
        boolean repeated = record.id() != null && !seen.add(record.id());
        if (repeated) {
            faults.add(index, ErrorCode.VALUE, "id", "duplicate", "stands in the batch already");
        }
        if (found == null && record.id() != null) {
            faults.add(index, ErrorCode.NOT_FOUND, "id", "not_found", "there is no such customer");
        }
        if (found == null || repeated) {
            faults.add(index, record.faults());
            return null;
        }
        return found;
    }

    private static @Nullable String reference(@Nullable Object value) {
        return (String) value;
    }

    /** The references that a batch gives up and takes. */
    private final class Wanted {

        private final BatchFaults faults;
        private final Map<String, Integer> takers = new HashMap<>();
        private final Map<String, String> claims = new HashMap<>();
        private final Map<String, String> givenUp = new HashMap<>();

        Wanted(BatchFaults faults) {
            this.faults = faults;
        }

        void add(int index, @Nullable String reference, String customerId) {
            if (reference == null) {
                return;
            }
            if (takers.putIfAbsent(reference, index) == null) {
                claims.put(reference, customerId);
            } else {
                faults.add(
                        index,
                        ErrorCode.VALUE,
                        CustomerField.REFERENCE.json(),
                        "duplicate",
                        "is taken by another record of the batch");
            }
        }

        void take(String merchantId) {
            references.giveUp(merchantId, givenUp);
            for (String refused : references.take(merchantId, claims)) {
                faults.add(
                        takers.getOrDefault(refused, 0),
                        ErrorCode.CONFLICT,
                        CustomerField.REFERENCE.json(),
                        "taken",
                        "is taken by another of your customers");
            }
        }
    }
}

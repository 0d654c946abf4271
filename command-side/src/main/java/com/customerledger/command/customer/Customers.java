package com.customerledger.command.customer;

import com.customerledger.command.store.LedgerEventStorageEngine;
import com.customerledger.command.store.LedgerEventStorageEngine.Recalled;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.customer.CustomerRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/**
 * The customers that a batch is about, remembered, or loaded by one query. They are loaded through Axon's repository before
 * any event is published: loads and new events that take turns would make the unit of work search its events for each load.
 */
final class Customers {

    private final LedgerEventStorageEngine store;
    private final Repository<Customer> repository;
    private final SortedMap<String, Loaded> loaded = new TreeMap<>();

    private Customers(LedgerEventStorageEngine store, Repository<Customer> repository) {
        this.store = store;
        this.repository = repository;
    }

    /** A customer in this unit of work, and what it will be after the decisions so far. */
    static final class Loaded {

        private final CustomerState before;
        private final List<LedgerEvent> decided = new ArrayList<>();
        private CustomerState state;

        private Loaded(CustomerState before) {
            this.before = before;
            this.state = before;
        }

        CustomerState before() {
            return before;
        }

        CustomerState state() {
            return state;
        }

        /** Counts on those events, which are published when the whole batch has been decided. */
        void decided(List<LedgerEvent> events) {
            state = state.evolve(events);
            decided.addAll(events);
        }
    }

    /** Those of the ids that are customers of that merchant. */
    static Customers load(
            LedgerEventStorageEngine store,
            Repository<Customer> repository,
            String merchantId,
            Collection<String> ids) {
        Customers customers = new Customers(store, repository);
        for (String id : store.prefetch(new TreeSet<>(ids))) {
            customers.load(id, merchantId);
        }
        return customers;
    }

    /**
     * The same, as far as can be from memory, to decide something that appends events of each of them: whether they still
     * are so is asked with that. Null when none of them is remembered.
     */
    static @Nullable Customers recall(
            LedgerEventStorageEngine store,
            Repository<Customer> repository,
            String merchantId,
            Collection<String> ids) {
        Recalled recalled = store.recall(Set.copyOf(ids));
        if (recalled == null) {
            return null;
        }
        Customers customers = new Customers(store, repository);
        recalled.states().forEach((id, state) -> customers.add(id, merchantId, ((RememberedCustomer) state).state()));
        recalled.read().forEach(id -> customers.load(id, merchantId));
        return customers;
    }

    private void load(String id, String merchantId) {
        add(id, merchantId, repository.load(id).invoke(Customer::state));
    }

    private void add(String id, String merchantId, CustomerState state) {
        if (state.existing().merchantId().equals(merchantId)) {
            loaded.put(id, new Loaded(state));
        }
    }

    /** The customer, or null where the merchant has none of that id. */
    @Nullable Loaded find(@Nullable String id) {
        return id == null ? null : loaded.get(id);
    }

    /**
     * Lets what was decided happen, in the order of the customers' ids: two nodes that append events of the same ones
     * then wait for each other in one direction only.
     */
    void publish() {
        Map<String, Aggregate<Customer>> aggregates = new TreeMap<>();
        Map<String, CustomerRecord> before = new HashMap<>();
        Map<String, RememberedCustomer> after = new HashMap<>();
        loaded.forEach((id, each) -> {
            if (!each.decided.isEmpty()) {
                aggregates.put(id, repository.load(id));
                before.put(id, each.before.existing());
                if (each.state.isSmall()) {
                    after.put(id, RememberedCustomer.of(each.state));
                }
            }
        });
        aggregates.forEach((id, aggregate) -> {
            List<LedgerEvent> decided = Objects.requireNonNull(loaded.get(id)).decided;
            aggregate.execute(customer -> customer.record(decided));
        });
        store.decidedOn(before);
        store.remember(after);
    }

    /** Whether something was decided that makes an event of every one of them. */
    boolean areAllChanged() {
        return loaded.values().stream().noneMatch(each -> each.decided.isEmpty());
    }

    /**
     * Lets a new customer come to be by those events. It is not remembered: most are never changed, and many may come at
     * once.
     */
    static void create(Repository<Customer> repository, List<LedgerEvent> events) {
        try {
            repository.newInstance(() -> {
                Customer customer = new Customer();
                customer.record(events);
                return customer;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // The callable above throws nothing that is checked.
            throw new IllegalStateException(Objects.requireNonNullElse(e.getMessage(), "no aggregate"), e);
        }
    }
}

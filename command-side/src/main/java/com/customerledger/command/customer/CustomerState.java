package com.customerledger.command.customer;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerRestored;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
import com.customerledger.events.Personal;
import com.customerledger.events.command.Caller;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.FieldValues;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a customer is to those who decide about it, and the decisions. All of it is pure: the time, the ids and the caller
 * are given. Immutable.
 *
 * @param customer the record, or null before the first event
 * @param payments the payments ever started, by id, in order
 * @param lastAt the time of the newest event; no later one bears an earlier time
 */
record CustomerState(@Nullable CustomerRecord customer, Map<String, Payment> payments, Instant lastAt) {

    static final CustomerState NONE = new CustomerState(null, Map.of(), Instant.MIN);

    private static final int SMALL_PAYMENTS_MAX = 100;

    /** A payment that was started. */
    record Payment(PaymentMethod method, boolean running) {}

    CustomerState evolve(LedgerEvent event) {
        return new CustomerState(CustomerRecord.after(customer, event), payments(event), event.at());
    }

    private Map<String, Payment> payments(LedgerEvent event) {
        if (event instanceof PaymentStarted started) {
            return payments(started.paymentId(), new Payment(started.method(), true));
        }
        if (event instanceof PaymentStopped stopped) {
            Payment running = Objects.requireNonNull(payments.get(stopped.paymentId()));
            return payments(stopped.paymentId(), new Payment(running.method(), false));
        }
        return payments;
    }

    private Map<String, Payment> payments(String id, Payment payment) {
        Map<String, Payment> after = new LinkedHashMap<>(payments);
        after.put(id, payment);
        return after;
    }

    /** The state after those events. */
    CustomerState evolve(List<LedgerEvent> events) {
        CustomerState state = this;
        for (LedgerEvent event : events) {
            state = state.evolve(event);
        }
        return state;
    }

    /** Whether it is small enough to be kept in memory among many. */
    boolean isSmall() {
        return payments.size() <= SMALL_PAYMENTS_MAX && existing().isSmall();
    }

    /** The customer's record; there is one. */
    CustomerRecord existing() {
        return Objects.requireNonNull(customer);
    }

    static Decision create(NewCustomer request, Caller caller, Instant at) {
        List<Fault> faults = new ArrayList<>(request.faults());
        FieldChanges fields = request.fields();
        checkNames(FieldValues.none().with(fields), faults);
        if (!faults.isEmpty()) {
            return Decision.refused(faults);
        }
        Object asked = fields.get(CustomerField.CUSTOMER_STATUS);
        boolean archived = Lookup.ARCHIVED.id().equals(asked);
        FieldChanges created =
                fields.with(CustomerField.CUSTOMER_STATUS, asked == null || archived ? Lookup.ACTIVE.id() : asked);
        String id = request.id();
        String merchant = caller.merchantId();
        List<LedgerEvent> events = new ArrayList<>(2);
        events.add(new CustomerCreated(id, merchant, at, said(created, caller)));
        if (archived) {
            events.add(new CustomerArchived(id, merchant, at, true, said(FieldChanges.none(), caller)));
        }
        return Decision.of(events);
    }

    Decision update(CustomerUpdate request, Caller caller, Instant now) {
        CustomerRecord before = existing();
        List<Fault> faults = new ArrayList<>(request.faults());
        if (request.ifVersion() != null && request.ifVersion() != before.version()) {
            faults.add(conflict("if_version", "version", "the record has version " + before.version()));
        }
        FieldChanges changes = before.values().effective(request.fields());
        boolean restatused = changes.has(CustomerField.CUSTOMER_STATUS);
        boolean wasArchived = before.status() == Lookup.ARCHIVED;
        if (wasArchived && !restatused && !changes.isEmpty()) {
            faults.add(conflict(
                    CustomerField.CUSTOMER_STATUS.json(),
                    "archived",
                    "an archived customer changes only together with another status"));
        }
        if (restatused && !Lookup.ACTIVE.id().equals(changes.get(CustomerField.CUSTOMER_STATUS))) {
            checkPayments(faults);
        }
        checkNames(before.values().with(changes), faults);
        if (!faults.isEmpty()) {
            return Decision.refused(faults);
        }
        return Decision.of(events(before, changes, caller, timeOf(now)));
    }

    private static List<LedgerEvent> events(CustomerRecord before, FieldChanges changes, Caller caller, Instant at) {
        if (changes.isEmpty()) {
            return List.of();
        }
        String id = before.id();
        String merchant = before.merchantId();
        Object status = changes.get(CustomerField.CUSTOMER_STATUS);
        FieldChanges rest = changes.without(CustomerField.CUSTOMER_STATUS);
        List<LedgerEvent> events = new ArrayList<>(2);
        if (status != null && before.status() == Lookup.ARCHIVED) {
            FieldChanges restored = FieldChanges.none().with(CustomerField.CUSTOMER_STATUS, status);
            events.add(new CustomerRestored(id, merchant, at, said(restored, caller)));
            if (!rest.isEmpty()) {
                events.add(new CustomerUpdated(id, merchant, at, said(rest, caller)));
            }
        } else if (Lookup.ARCHIVED.id().equals(status)) {
            if (!rest.isEmpty()) {
                events.add(new CustomerUpdated(id, merchant, at, said(rest, caller)));
            }
            events.add(new CustomerArchived(id, merchant, at, false, said(FieldChanges.none(), caller)));
        } else {
            events.add(new CustomerUpdated(id, merchant, at, said(changes, caller)));
        }
        return events;
    }

    Decision start(String paymentId, PaymentMethod method, Caller caller, Instant now) {
        CustomerRecord record = existing();
        Payment known = payments.get(paymentId);
        if (known != null) {
            return known.method() == method
                    ? Decision.of(List.of())
                    : Decision.refused(conflict("method", "payment", "the payment was started with another method"));
        }
        if (record.status() != Lookup.ACTIVE) {
            return Decision.refused(conflict(
                    "customer_id", "customer_status", "no payment starts for a disabled or archived customer"));
        }
        List<Fault> faults = method == PaymentMethod.DEBICHECK ? DebiCheck.faults(record.values()) : List.of();
        if (!faults.isEmpty()) {
            return Decision.refused(faults);
        }
        return Decision.of(List.of(new PaymentStarted(
                record.id(),
                record.merchantId(),
                timeOf(now),
                paymentId,
                method,
                record.version(),
                said(FieldChanges.none(), caller))));
    }

    /** The payment was started for this customer. */
    Decision stop(String paymentId, Caller caller, Instant now) {
        CustomerRecord record = existing();
        if (!Objects.requireNonNull(payments.get(paymentId)).running()) {
            return Decision.of(List.of());
        }
        return Decision.of(List.of(new PaymentStopped(
                record.id(), record.merchantId(), timeOf(now), paymentId, said(FieldChanges.none(), caller))));
    }

    private Instant timeOf(Instant now) {
        return now.isBefore(lastAt) ? lastAt : now;
    }

    private void checkPayments(List<Fault> faults) {
        List<String> running = payments.entrySet().stream()
                .filter(each -> each.getValue().running())
                .map(Map.Entry::getKey)
                .toList();
        if (!running.isEmpty()) {
            faults.add(conflict(
                    CustomerField.CUSTOMER_STATUS.json(),
                    "running_payments",
                    "these payments must be stopped first: " + String.join(", ", running)));
        }
    }

    /** Either a company's name or both names of a person; a blank one is none. Said only where no name is at fault. */
    private static void checkNames(FieldValues after, List<Fault> faults) {
        boolean company = present(after.text(CustomerField.COMPANY_NAME));
        boolean person =
                present(after.text(CustomerField.PERSON_NAME)) && present(after.text(CustomerField.PERSON_SURNAME));
        boolean atFault = faults.stream()
                .map(Fault::field)
                .anyMatch(field -> field.equals(CustomerField.COMPANY_NAME.json())
                        || field.equals(CustomerField.PERSON_NAME.json())
                        || field.equals(CustomerField.PERSON_SURNAME.json()));
        if (!company && !person && !atFault) {
            faults.add(new Fault(
                    ErrorCode.VALUE,
                    CustomerField.COMPANY_NAME.json(),
                    "name",
                    "either company_name, or both person_name and person_surname, must be given"));
        }
    }

    private static boolean present(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private static Fault conflict(String field, String rule, String message) {
        return new Fault(ErrorCode.CONFLICT, field, rule, message);
    }

    private static Personal said(FieldChanges fields, Caller caller) {
        return new Personal(fields, caller.actor(), caller.reason());
    }
}

package com.customerledger.command.customer;

import com.customerledger.command.customer.Customers.Loaded;
import com.customerledger.command.idempotency.IdempotencyKeys;
import com.customerledger.command.store.LedgerEventStorageEngine;
import com.customerledger.events.command.Answer;
import com.customerledger.events.command.StartPayments;
import com.customerledger.events.command.StartPayments.PaymentStart;
import com.customerledger.events.command.StopPayments;
import com.customerledger.events.command.StopPayments.PaymentStop;
import com.customerledger.events.refusal.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;

/** Decides batches of payments that start and stop. Thread-safe; each batch in a unit of work of its own. */
final class PaymentBatches {

    private final LedgerEventStorageEngine store;
    private final Repository<Customer> repository;
    private final PaymentClaims payments;
    private final IdempotencyKeys idempotency;
    private final Supplier<Instant> time;

    PaymentBatches(
            LedgerEventStorageEngine store,
            Repository<Customer> repository,
            PaymentClaims payments,
            IdempotencyKeys idempotency,
            Supplier<Instant> time) {
        this.store = store;
        this.repository = repository;
        this.payments = payments;
        this.idempotency = idempotency;
        this.time = time;
    }

    @CommandHandler
    Answer handle(StartPayments command) {
        return idempotency.answer(command, () -> start(command));
    }

    @CommandHandler
    Answer handle(StopPayments command) {
        return idempotency.answer(command, () -> stop(command));
    }

    private byte[] start(StartPayments command) {
        BatchFaults faults = new BatchFaults();
        List<PaymentStart> records = command.records();
        String merchant = command.caller().merchantId();
        Customers customers = Customers.load(
                store,
                repository,
                merchant,
                records.stream()
                        .flatMap(each -> Stream.ofNullable(each.customerId()))
                        .toList());
        Map<String, String> claims = new HashMap<>();
        for (PaymentStart each : records) {
            if (each.paymentId() != null && customers.find(each.customerId()) != null) {
                claims.putIfAbsent(each.paymentId(), Objects.requireNonNull(each.customerId()));
            }
        }
        Map<String, String> takenFor = payments.take(merchant, claims);

        Instant at = time.get();
        List<Answers.Payment> results = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            PaymentStart record = records.get(i);
            faults.add(i, record.faults());
            String paymentId = record.paymentId();
            Loaded customer = customers.find(record.customerId());
            if (customer == null) {
                if (record.customerId() != null) {
                    faults.add(i, ErrorCode.NOT_FOUND, "customer_id", "not_found", "there is no such customer");
                }
            } else if (paymentId != null && !Objects.equals(record.customerId(), takenFor.get(paymentId))) {
                faults.add(
                        i,
                        ErrorCode.CONFLICT,
                        "customer_id",
                        "payment",
                        "the payment was started for another customer");
            } else if (paymentId != null && record.method() != null) {
                Decision decision = customer.state().start(paymentId, record.method(), command.caller(), at);
                faults.add(i, decision.faults());
                customer.decided(decision.events());
                if (decision.faults().isEmpty()) {
                    results.add(Answers.Payment.of(customer.state(), paymentId));
                }
            }
        }
        faults.refuseIfAny();
        customers.publish();
        return Answers.payments(results);
    }

    private byte[] stop(StopPayments command) {
        BatchFaults faults = new BatchFaults();
        List<PaymentStop> records = command.records();
        String merchant = command.caller().merchantId();
        Map<String, String> startedFor = payments.find(
                merchant,
                records.stream()
                        .flatMap(each -> Stream.ofNullable(each.paymentId()))
                        .distinct()
                        .toList());
        Customers customers = Customers.load(store, repository, merchant, startedFor.values());

        Instant at = time.get();
        List<Answers.Payment> results = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            PaymentStop record = records.get(i);
            faults.add(i, record.faults());
            String paymentId = record.paymentId();
            if (paymentId == null || record.customerId() == null) {
                continue;
            }
            Loaded customer = customers.find(startedFor.get(paymentId));
            if (customer == null) {
                faults.add(i, ErrorCode.NOT_FOUND, "payment_id", "not_found", "there is no such payment");
            } else if (!record.customerId().equals(startedFor.get(paymentId))) {
                faults.add(
                        i,
                        ErrorCode.CONFLICT,
                        "customer_id",
                        "payment",
                        "the payment was started for another customer");
            } else {
                Decision decision = customer.state().stop(paymentId, command.caller(), at);
                faults.add(i, decision.faults());
                customer.decided(decision.events());
                results.add(Answers.Payment.of(customer.state(), paymentId));
            }
        }
        faults.refuseIfAny();
        customers.publish();
        return Answers.payments(results);
    }
}

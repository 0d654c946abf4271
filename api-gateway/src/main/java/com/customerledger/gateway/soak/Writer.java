package com.customerledger.gateway.soak;

import com.customerledger.events.customer.Lookup;
import com.customerledger.gateway.stage.Caller;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes as a merchant's program does, one request after the other, each with an idempotency key, and keeps what was
 * acknowledged. Its customers are its own, so that what was acknowledged last is what they are. For one thread at a time.
 */
final class Writer {

    private static final int BATCH_MAX = 40;
    private static final int TARGETS_MAX = 20;
    private static final int CUSTOMERS_MAX = 20_000;
    private static final int PAYMENTS_COMPARED_MAX = 20;
    private static final Duration SETTLED_MAX = Duration.ofSeconds(30);

    private final String prefix;
    private final Caller merchant;
    private final Caller platform;
    private final Random random;
    private final Map<String, Known> customers = new LinkedHashMap<>();
    private final List<String> ids = new ArrayList<>();
    private int requests;
    private int acknowledged;
    private @Nullable Request pending;
    private @Nullable Request last;
    private @Nullable String lastWritten;
    private byte @Nullable [] lastAnswer;

    /**
     * @param prefix of its references, payments and idempotency keys, its own alone
     * @param merchant a key that reads and writes
     * @param platform a key of the same merchant for payments
     */
    Writer(String prefix, Caller merchant, Caller platform, Random random) {
        this.prefix = prefix;
        this.merchant = merchant;
        this.platform = platform;
        this.random = random;
    }

    /** A customer as it was last acknowledged, and its running payments by id. */
    private static final class Known {

        private Records.Sent record;
        private final Map<String, Running> payments = new LinkedHashMap<>();

        Known(Records.Sent record) {
            this.record = record;
        }

        boolean isArchived() {
            return Lookup.ARCHIVED.id().equals(record.find("customer_status_lookups_id"));
        }
    }

    /**
     * A payment that runs.
     *
     * @param fixed the customer as it was at the start where the payment keeps that, or null
     */
    private record Running(String method, @Nullable String fixed) {}

    /** One request, which can be sent again. */
    private static final class Request {

        private final Caller caller;
        private final String target;
        private final String body;
        private final String key;
        private final int records;
        private final Carried carried;
        private final Consumer<List<Records.Sent>> acknowledge;

        Request(
                Caller caller,
                String target,
                String body,
                String key,
                int records,
                Carried carried,
                Consumer<List<Records.Sent>> acknowledge) {
            this.caller = caller;
            this.target = target;
            this.body = body;
            this.key = key;
            this.records = records;
            this.carried = carried;
            this.acknowledge = acknowledge;
        }

        Reply send() throws IOException, InterruptedException {
            return caller.post(target, body, key);
        }
    }

    /** Counts the records of a request that were carried out, by what a list says, by id. */
    @FunctionalInterface
    private interface Carried {
        long in(Map<String, Records.Sent> list) throws IOException, InterruptedException;
    }

    /** How many requests were acknowledged so far. */
    int acknowledged() {
        return acknowledged;
    }

    /** Writes until it is told to stop, or until it does not know whether a request was carried out. */
    void writeUntilUnknown(BooleanSupplier goesOn) throws InterruptedException {
        while (goesOn.getAsBoolean() && pending == null) {
            int chance = random.nextInt(20);
            if (chance == 0) {
                beRefused();
            } else if (chance == 1) {
                awaitOwnWrite();
            } else {
                pending = next();
                attempt();
            }
        }
    }

    /** Writes until it is told to stop, and sends each request again until it is acknowledged. */
    void writeThrough(BooleanSupplier goesOn) throws InterruptedException {
        while (goesOn.getAsBoolean()) {
            writeUntilUnknown(goesOn);
            settle();
        }
    }

    /** Sends the pending request; it is pending no more when it is acknowledged. */
    private boolean attempt() throws InterruptedException {
        Request request = pending;
        if (request == null) {
            return true;
        }
        Reply reply;
        try {
            reply = request.send();
        } catch (IOException unknown) {
            return false;
        }
        if (reply.isUnavailable()) {
            return false;
        }
        List<Records.Sent> records = reply.ok().records();
        PlayFailure.unless(
                records.size() == request.records,
                () -> "%d records were sent and %d answered: %s".formatted(request.records, records.size(), reply));
        request.acknowledge.accept(records);
        acknowledged++;
        last = request;
        lastAnswer = reply.body();
        pending = null;
        return true;
    }

    /**
     * Checks that the request of which nothing is known was carried out whole or not at all.
     *
     * @param list the merchant's whole list, by id
     */
    void checkPending(Map<String, Records.Sent> list) throws IOException, InterruptedException {
        Request request = pending;
        if (request != null) {
            long carried = request.carried.in(list);
            PlayFailure.unless(
                    carried == 0 || carried == request.records,
                    () -> "%d of the %d records of a request to %s were carried out"
                            .formatted(carried, request.records, request.target));
        }
    }

    /** Sends the request of which nothing is known again, with its key, until it is acknowledged. */
    void settle() throws InterruptedException {
        Waiting.until("a request of " + prefix + " to be acknowledged at last", SETTLED_MAX, this::attempt);
    }

    /**
     * Reads the customer that it wrote last until it gets an answer, which must not be older than what was acknowledged.
     *
     * @return how long that took
     */
    Duration awaitOwnWrite() throws InterruptedException {
        return Waiting.until("a read of " + prefix + " to be answered", SETTLED_MAX, () -> {
            String id = lastWritten;
            if (id == null) {
                return true;
            }
            Reply reply = merchant.get("/customers/" + id);
            if (reply.isUnavailable()) {
                return false;
            }
            Known known = known(id);
            Records.Sent read = reply.ok().records().get(0);
            int version = Integer.parseInt(String.valueOf(reply.header("ETag")).replaceAll("[^0-9]", ""));
            // A request of which nothing is known yet may have changed it since.
            boolean newer = pending != null && version > known.record.version();
            PlayFailure.unless(
                    newer || read.text().equals(known.record.textWithoutVersion()),
                    () -> "acknowledged was%n%s%nand a read that began later gave version %d%n%s"
                            .formatted(known.record.text(), version, read.text()));
            return true;
        });
    }

    /** Sends the request that was acknowledged last until it is answered: the same must come, and from the store. */
    void repeatLast() throws InterruptedException {
        Request request = last;
        if (request != null) {
            // A connection that the crash took may still have been lent: that is said to be worth another try.
            Reply again = Waiting.answer("an answer to a repeated request", SETTLED_MAX, request::send)
                    .ok();
            PlayFailure.unless(
                    again.isReplayed() && Arrays.equals(again.body(), lastAnswer),
                    () -> "a repeated request was answered otherwise: %s".formatted(again));
        }
    }

    /**
     * Takes its customers out of the list; each must be as it was acknowledged.
     *
     * @param list by id
     */
    void takeFrom(Map<String, Records.Sent> list) throws IOException, InterruptedException {
        int compared = 0;
        for (Map.Entry<String, Known> each : customers.entrySet()) {
            Known known = each.getValue();
            Records.Sent listed = PlayFailure.present(
                    list.remove(each.getKey()),
                    () -> "%s was acknowledged and is not in the list".formatted(each.getKey()));
            PlayFailure.unless(
                    known.record.text().equals(listed.text()),
                    () -> "acknowledged was%n%s%nand the list has%n%s".formatted(known.record.text(), listed.text()));
            if (!known.payments.isEmpty() && compared++ < PAYMENTS_COMPARED_MAX) {
                comparePayments(each.getKey(), known);
            }
        }
    }

    private void comparePayments(String id, Known known) throws IOException, InterruptedException {
        List<Records.Sent> running = payments(id);
        PlayFailure.unless(
                running.stream()
                        .map(payment -> payment.member("payment_id"))
                        .collect(Collectors.toSet())
                        .equals(known.payments.keySet()),
                () -> "%s runs %s by its answers and %s by its list".formatted(id, known.payments.keySet(), running));
        for (Records.Sent payment : running) {
            Running started = known.payments.get(payment.member("payment_id"));
            String expected =
                    started == null || started.fixed() == null ? known.record.textWithoutVersion() : started.fixed();
            PlayFailure.unless(
                    expected.equals(payment.member("customer")),
                    () -> "a payment should have the customer%n%s%nand has%n%s"
                            .formatted(expected, payment.member("customer")));
        }
    }

    private List<Records.Sent> payments(String customerId) throws IOException, InterruptedException {
        return merchant.get("/customers/" + customerId + "/payments").ok().records();
    }

    // ---- requests

    private Request next() {
        int chance = random.nextInt(100);
        if (ids.size() < 5 || (chance < 45 && ids.size() < CUSTOMERS_MAX)) {
            return create(chance < 25 ? 1 : 2 + random.nextInt(BATCH_MAX - 1));
        }
        if (chance < 75) {
            return mark();
        }
        if (chance < 82) {
            return start();
        }
        if (chance < 88) {
            Request stop = stop();
            return stop == null ? mark() : stop;
        }
        return chance < 95 ? status(false, Lookup.ARCHIVED) : status(true, Lookup.ACTIVE);
    }

    private String nextKey() {
        return prefix + "-" + ++requests;
    }

    private Request create(int count) {
        String key = nextKey();
        List<String> references = Bodies.references(key, count);
        return new Request(
                merchant,
                "/customers/create?versions=true",
                Bodies.create(references),
                key,
                count,
                list -> list.values().stream()
                        .filter(each -> references.contains(each.member("reference")))
                        .count(),
                results -> {
                    for (int i = 0; i < count; i++) {
                        Records.Sent made = results.get(i);
                        PlayFailure.unless(
                                references.get(i).equals(made.member("reference")),
                                () -> "answered out of order: %s".formatted(results));
                        customers.put(made.id(), new Known(made));
                        ids.add(made.id());
                        lastWritten = made.id();
                    }
                });
    }

    /** Some of its customers, each once. */
    private List<String> targets(boolean archived) {
        List<String> targets = new ArrayList<>();
        for (int i = 1 + random.nextInt(TARGETS_MAX); i > 0; i--) {
            String id = ids.get(random.nextInt(ids.size()));
            if (known(id).isArchived() == archived && !targets.contains(id)) {
                targets.add(id);
            }
        }
        Collections.shuffle(targets, random);
        return targets;
    }

    private Known known(String id) {
        Known known = customers.get(id);
        if (known == null) {
            throw new IllegalStateException("no customer of this writer's");
        }
        return known;
    }

    private Request mark() {
        List<String> targets = targets(false);
        String key = nextKey();
        return targets.isEmpty() ? create(1) : update(targets, Bodies.mark(targets, key), key);
    }

    private Request status(boolean archived, Lookup status) {
        List<String> targets = targets(archived);
        // Customers whose payments run can't be archived.
        targets.removeIf(id -> !known(id).payments.isEmpty());
        return targets.isEmpty() ? create(1) : update(targets, Bodies.status(targets, status), nextKey());
    }

    private Request update(List<String> targets, String body, String key) {
        Map<String, Integer> before = targets.stream()
                .collect(Collectors.toMap(id -> id, id -> known(id).record.version()));
        return new Request(
                merchant,
                "/customers/update?versions=true",
                body,
                key,
                targets.size(),
                list -> targets.stream()
                        .filter(id -> {
                            Records.Sent listed = PlayFailure.present(
                                    list.get(id), () -> "%s was acknowledged and is not in the list".formatted(id));
                            return listed.version() > before.getOrDefault(id, 0);
                        })
                        .count(),
                results -> {
                    for (Records.Sent changed : results) {
                        known(changed.id()).record = changed;
                        lastWritten = changed.id();
                    }
                });
    }

    private Request start() {
        List<String> targets = targets(false);
        if (targets.isEmpty()) {
            return create(1);
        }
        String id = targets.get(0);
        String key = nextKey();
        String method = random.nextBoolean() ? "EFT" : "DEBICHECK";
        return new Request(
                platform,
                "/customers/payments/start",
                Bodies.start(key, id, method),
                key,
                1,
                list -> runs(key, id) ? 1 : 0,
                results -> known(id)
                        .payments
                        .put(
                                key,
                                new Running(
                                        method,
                                        method.equals("EFT")
                                                ? null
                                                : known(id).record.textWithoutVersion())));
    }

    private @Nullable Request stop() {
        for (String id : targets(false)) {
            for (String payment : known(id).payments.keySet()) {
                return new Request(
                        platform,
                        "/customers/payments/stop",
                        Bodies.stop(payment, id),
                        nextKey(),
                        1,
                        list -> runs(payment, id) ? 0 : 1,
                        results -> known(id).payments.remove(payment));
            }
        }
        return null;
    }

    private boolean runs(String paymentId, String customerId) throws IOException, InterruptedException {
        return payments(customerId).stream()
                .anyMatch(payment -> payment.member("payment_id").equals(paymentId));
    }

    /** A batch of which nothing may be stored, because its last record's reference is taken. */
    private void beRefused() throws InterruptedException {
        if (ids.isEmpty()) {
            return;
        }
        List<String> references = new ArrayList<>(Bodies.references("refused-" + nextKey(), 5));
        references.add(known(ids.get(0)).record.member("reference"));
        try {
            Reply reply = merchant.post("/customers/create", Bodies.create(references), nextKey());
            PlayFailure.unless(
                    reply.isUnavailable() || reply.status() == 409, () -> "409 was promised: %s".formatted(reply));
        } catch (IOException unknown) {
            // Stored or not, the list must not have it; the next request finds out how the ledger is.
            return;
        }
    }
}

package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.Caller;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.Latencies;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Records;
import com.customerledger.gateway.stage.Reply;
import com.customerledger.gateway.stage.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One of a merchant's programs that writes a customer, reads it at once, and now and then lists all: whatever is read must
 * be what was acknowledged last. It keeps a steady pace, however quick the answers are. For one thread at a time.
 */
final class Clerk {

    private static final Duration TURN = Duration.ofMillis(20);
    private static final int CUSTOMERS_MAX = 300;
    private static final int TURNS_PER_LIST = 50;
    private static final Duration PUT_OFF_MAX = Duration.ofSeconds(90);

    private final String prefix;
    private final Supplier<Caller> merchant;
    private final boolean isPatient;
    private final Latencies writes;
    private final Latencies reads;
    private final Random random;
    private final Map<String, Records.Sent> customers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private int requests;

    /**
     * @param prefix of its references and idempotency keys, its own alone
     * @param merchant a key that reads and writes
     * @param isPatient whether a request may be put off, or its connection lost, and is sent again; else that is a failure
     * @param writes is told how long each write took
     * @param reads is told how long each read of one customer took
     */
    Clerk(
            String prefix,
            Supplier<Caller> merchant,
            boolean isPatient,
            Latencies writes,
            Latencies reads,
            Random random) {
        this.prefix = prefix;
        this.merchant = merchant;
        this.isPatient = isPatient;
        this.writes = writes;
        this.reads = reads;
        this.random = random;
    }

    void work(Crew crew) throws IOException, InterruptedException {
        for (int turn = 1; crew.goesOn(); turn++) {
            long start = System.nanoTime();
            Records.Sent written = write();
            read(written);
            if (turn % TURNS_PER_LIST == 0) {
                list();
            }
            Duration left = TURN.minus(Waiting.since(start));
            if (!left.isNegative()) {
                Thread.sleep(left.toMillis());
            }
        }
    }

    private Records.Sent write() throws IOException, InterruptedException {
        String key = prefix + "-" + ++requests;
        boolean isNew = ids.isEmpty() || (ids.size() < CUSTOMERS_MAX && random.nextBoolean());
        String target = isNew ? "/customers/create" : "/customers/update";
        String body =
                isNew ? Bodies.create(List.of(key)) : Bodies.mark(List.of(ids.get(random.nextInt(ids.size()))), key);
        Records.Sent written = timed(writes, () -> merchant.get().post(target + "?versions=true", body, key))
                .records()
                .get(0);
        if (customers.put(written.id(), written) == null) {
            ids.add(written.id());
        }
        return written;
    }

    private void read(Records.Sent written) throws IOException, InterruptedException {
        Records.Sent read = timed(reads, () -> merchant.get().get("/customers/" + written.id() + "?versions=true"))
                .records()
                .get(0);
        PlayFailure.unless(
                read.text().equals(written.text()),
                () -> "acknowledged was%n%s%nand a read that began later gave%n%s"
                        .formatted(written.text(), read.text()));
    }

    private void list() throws IOException, InterruptedException {
        Map<String, Records.Sent> listed = new HashMap<>();
        for (Records.Sent each : answer(() -> merchant.get().get("/customers/list?versions=true"))
                .records()) {
            if (each.member("reference").startsWith(prefix + "-")) {
                listed.put(each.id(), each);
            }
        }
        PlayFailure.unless(
                listed.equals(customers),
                () -> "%s was acknowledged %d customers, and a list that began later has %d or older ones"
                        .formatted(prefix, customers.size(), listed.size()));
    }

    /** The answer, which must be a success. */
    private Reply answer(Waiting.Request request) throws IOException, InterruptedException {
        Reply reply = isPatient ? Waiting.answer("an answer to " + prefix, PUT_OFF_MAX, request) : request.send();
        return reply.ok();
    }

    private Reply timed(Latencies latencies, Waiting.Request request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Reply reply = answer(request);
        latencies.add(Waiting.since(start));
        return reply;
    }
}

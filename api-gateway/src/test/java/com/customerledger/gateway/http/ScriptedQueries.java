package com.customerledger.gateway.http;

import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.CustomerQueries;
import com.customerledger.events.query.FoundCustomer;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.query.ListReader;
import com.customerledger.events.query.RunningPayments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A read side that does what a test tells it to, for what a real one does not do when it is asked. */
final class ScriptedQueries implements CustomerQueries {

    /** What the list does. */
    @FunctionalInterface
    interface Script {

        Optional<Place> run(ListCustomers query, ListReader reader) throws IOException;
    }

    /** Puts it in the place of the real one. Not annotated: it must not be found by a scan. */
    static class InPlaceOfTheReal {

        @Bean
        @Primary
        ScriptedQueries scriptedQueries() {
            return new ScriptedQueries();
        }
    }

    private volatile Script script = (query, reader) -> {
        reader.begin(0);
        return Optional.empty();
    };
    private volatile @Nullable ListCustomers asked;
    private final BlockingQueue<Exception> ends = new LinkedBlockingQueue<>();

    void does(Script next) {
        script = next;
    }

    /** The query that came last. */
    @Nullable ListCustomers asked() {
        return asked;
    }

    /** How the scripts ended that did not end well. */
    BlockingQueue<Exception> ends() {
        return ends;
    }

    @Override
    public Optional<Place> list(ListCustomers query, ListReader reader) throws IOException {
        asked = query;
        try {
            return script.run(query, reader);
        } catch (IOException | RuntimeException end) {
            ends.add(end);
            throw end;
        }
    }

    /** Hands over that many records of that length. */
    static void records(ListReader reader, int count, int length) throws IOException {
        byte[] record = ("{\"x\":\"" + "x".repeat(Math.max(0, length - "{\"x\":\"\"}".length())) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < count; i++) {
            reader.record(record, 0, record.length);
        }
    }

    @Override
    public Optional<FoundCustomer> find(
            String merchantId, String customerId, boolean withVersion, Consistency consistency) {
        byte[] json = ("{\"id\":\"" + customerId + "\"}").getBytes(StandardCharsets.UTF_8);
        return Optional.of(new FoundCustomer(3, json, 5));
    }

    @Override
    public Optional<FoundCustomer> findAsOf(String merchantId, String customerId, Instant moment, boolean withVersion) {
        return find(merchantId, customerId, withVersion, Consistency.STRONG);
    }

    @Override
    public ZoneId zone() {
        return ZoneId.of("Africa/Johannesburg");
    }

    @Override
    public Optional<RunningPayments> payments(String merchantId, String customerId, Consistency consistency) {
        return Optional.of(new RunningPayments("[]".getBytes(StandardCharsets.UTF_8), 5));
    }
}

package com.customerledger.query.customers;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.RecordedSample;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the entry of an event in its customer's history costs. It is here to see the view's own writer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class EntryBenchmark {

    private final CustomerJson json = new CustomerJson(ZoneId.of("Africa/Johannesburg"));
    private final CustomerRecord before =
            CustomerRecord.of((CustomerCreated) RecordedSample.created().event());
    private final RecordedEvent event = RecordedSample.updated();
    private final EventMetadata cause = event.cause();
    private final CustomerRecord after = before.evolve(event.event());

    /** The entry of an event that changes two fields. */
    @Benchmark
    public String writesTheEntry() {
        return EntryText.of(before.values(), after, event.event(), cause, json);
    }
}

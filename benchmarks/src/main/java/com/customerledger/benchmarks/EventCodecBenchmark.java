package com.customerledger.benchmarks;

import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
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

/** What the stored form of a typical event costs: the share of every write and every read that is JSON. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class EventCodecBenchmark {

    private final LedgerEvent event = Samples.created();
    private final String type = EventCodec.type(event);
    private final int revision = EventCodec.revision(event);
    private final String payload = EventCodec.payload(event);

    /** The payload's text from the event. */
    @Benchmark
    public String writesTheEvent() {
        return EventCodec.payload(event);
    }

    /** The event from the payload's text. */
    @Benchmark
    public LedgerEvent readsTheEvent() {
        return EventCodec.event(type, revision, event.customerId(), event.at(), payload);
    }
}

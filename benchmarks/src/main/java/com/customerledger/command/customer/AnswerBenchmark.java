package com.customerledger.command.customer;

import com.customerledger.benchmarks.Samples;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
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

/** What writing the answer to a batch costs. It is here to see the command side's own writer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class AnswerBenchmark {

    private final CustomerJson json = new CustomerJson(ZoneId.of("Africa/Johannesburg"));
    private final List<CustomerRecord> one = List.of(CustomerRecord.of(Samples.created()));
    private final List<CustomerRecord> thousand = Collections.nCopies(1_000, one.get(0));

    /** The answer to one record. */
    @Benchmark
    public byte[] answersOne() {
        return Answers.customers(json, one, false);
    }

    /** The answer to 1,000. */
    @Benchmark
    public byte[] answersAThousand() {
        return Answers.customers(json, thousand, false);
    }
}

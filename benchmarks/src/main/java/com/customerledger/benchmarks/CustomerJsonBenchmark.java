package com.customerledger.benchmarks;

import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
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

/** What a customer's one shape costs: each answer to a write, and each row of the list. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class CustomerJsonBenchmark {

    private final CustomerJson json = new CustomerJson(ZoneId.of("Africa/Johannesburg"));
    private final CustomerRecord customer = CustomerRecord.of(Samples.created());
    private final String text = json.text(customer);

    /** A row of the list, in UTF-8. */
    @Benchmark
    public byte[] writesTheRow() {
        return json.bytes(customer);
    }

    /** The customer from its row, before an update of it. */
    @Benchmark
    public CustomerRecord readsTheRow() {
        return json.read(text, customer.merchantId(), customer.version(), customer.createdAt());
    }
}

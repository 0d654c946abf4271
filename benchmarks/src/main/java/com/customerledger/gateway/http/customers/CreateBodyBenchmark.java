package com.customerledger.gateway.http.customers;

import com.customerledger.benchmarks.Samples;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.gateway.http.request.Batch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What reading a create request costs: parsing, and the check of every field. It is here to see the gateway's own reader. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class CreateBodyBenchmark {

    private static final int RECORDS = 1_000;

    private final NewCustomerReader reader = new NewCustomerReader();
    private final String one = body(1);
    private final String thousand = body(RECORDS);

    private static String body(int records) {
        return IntStream.range(0, records)
                .mapToObj(Samples.RECORD::formatted)
                .collect(Collectors.joining(",", "{\"records\":[", "]}"));
    }

    /** A body of one record. */
    @Benchmark
    public Batch<NewCustomer> readsOne() {
        return Batch.read(one, RECORDS, reader);
    }

    /** A body of 1,000. */
    @Benchmark
    public Batch<NewCustomer> readsAThousand() {
        return Batch.read(thousand, RECORDS, reader);
    }
}

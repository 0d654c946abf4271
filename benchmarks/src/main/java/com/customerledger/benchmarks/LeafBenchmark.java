package com.customerledger.benchmarks;

import com.customerledger.query.seal.Leaf;
import com.customerledger.query.tail.RecordedSample;
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

/** What the seal costs for each event, twice: when it is sealed and when it is verified. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LeafBenchmark {

    private final Leaf leaf = Leaf.of(RecordedSample.created(), 1);

    /** The leaf's bytes and their SHA-256. */
    @Benchmark
    public byte[] hashesTheLeaf() {
        return leaf.hash();
    }
}

package com.customerledger.benchmarks;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Personal;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.json.Json;
import com.customerledger.gateway.http.request.Batch;
import com.customerledger.gateway.http.request.RecordReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.core.JsonGenerator;

/** What each step of a batch costs for one of its records: the 1,000 customers of {@code samples/customers.ndjson}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RecordsBenchmark.RECORDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class RecordsBenchmark {

    static final int RECORDS = 1_000;

    private static final String MERCHANT = "mer_V1StGXR8_Z5jdHi6B-myT";

    private final CustomerJson json = new CustomerJson(ZoneId.of("Africa/Johannesburg"));
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<String> payloads = new ArrayList<>();
    private final List<CustomerRecord> customers = new ArrayList<>();
    private final List<String> metadata = new ArrayList<>();
    private byte[] body;
    private RecordReader<NewCustomer> reader;

    /** Reads the batch once and makes the events of it. */
    @Setup
    public void setUp() throws IOException, ReflectiveOperationException {
        Path samples = Path.of("samples/customers.ndjson");
        List<String> lines = Files.readAllLines(
                Files.exists(samples) ? samples : Path.of("..").resolve(samples));
        body = ("{\"records\":[" + String.join(",", lines) + "]}").getBytes(StandardCharsets.UTF_8);
        reader = reader();
        Instant at = Instant.parse("2026-02-03T04:05:06.789012Z");
        for (NewCustomer each : readsTheBatch().records()) {
            CustomerCreated event =
                    new CustomerCreated(each.id(), MERCHANT, at, new Personal(each.fields(), "thandeka", null));
            events.add(event);
            payloads.add(EventCodec.payload(event));
            customers.add(CustomerRecord.of(event));
            // A text of its own for each, as a reader of the store has it.
            metadata.add(EventCodec.metadata(
                    new EventMetadata("key_V1StGXR8_Z5jdHi6B-myT", "req_V1StGXR8_Z5jdHi6B-myT", "0".repeat(64))));
        }
    }

    /** The gateway's own reader, which nobody else is meant to see. */
    @SuppressWarnings("unchecked")
    private static RecordReader<NewCustomer> reader() throws ReflectiveOperationException {
        Constructor<?> made = Class.forName("com.customerledger.gateway.http.customers.NewCustomerReader")
                .getDeclaredConstructor();
        made.setAccessible(true);
        return (RecordReader<NewCustomer>) made.newInstance();
    }

    /** From the body's bytes to checked records. */
    @Benchmark
    public Batch<NewCustomer> readsTheBatch() {
        return Batch.read(new String(body, StandardCharsets.UTF_8), RECORDS, reader);
    }

    /** The payloads to store. */
    @Benchmark
    public void writesPayloads(Blackhole hole) {
        for (LedgerEvent event : events) {
            hole.consume(EventCodec.payload(event));
        }
    }

    /** The answer's results. */
    @Benchmark
    public byte[] writesTheAnswer() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(RECORDS * 640);
        try (JsonGenerator out = Json.generator(bytes)) {
            out.writeStartArray();
            for (CustomerRecord customer : customers) {
                json.write(out, customer, false);
            }
            out.writeEndArray();
        }
        return bytes.toByteArray();
    }

    /** The events from their payloads. */
    @Benchmark
    public void readsPayloads(Blackhole hole) {
        for (String payload : payloads) {
            hole.consume(EventCodec.event("CustomerCreated", 1, "cus_V1StGXR8_Z5jdHi6B-myT", Instant.EPOCH, payload));
        }
    }

    /** The customers that events create. */
    @Benchmark
    public void foldsEvents(Blackhole hole) {
        for (LedgerEvent event : events) {
            hole.consume(CustomerRecord.after(null, event));
        }
    }

    /** Each customer's JSON for a view. */
    @Benchmark
    public void writesRecords(Blackhole hole) {
        for (CustomerRecord customer : customers) {
            hole.consume(json.bytes(customer));
        }
    }

    /** What caused each event, the same for all of a transaction. */
    @Benchmark
    public void readsMetadata(Blackhole hole) {
        for (String each : metadata) {
            hole.consume(EventCodec.metadata(each));
        }
    }

    /** The merchant of each payload, for its leaf. */
    @Benchmark
    public void readsMerchants(Blackhole hole) {
        for (String payload : payloads) {
            hole.consume(EventCodec.merchantId(payload));
        }
    }
}

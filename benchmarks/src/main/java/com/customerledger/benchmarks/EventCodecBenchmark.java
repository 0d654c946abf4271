package com.customerledger.benchmarks;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.EventCodec;
import com.customerledger.events.Ids;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.Personal;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import java.time.Instant;
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

    private final LedgerEvent event = new CustomerCreated(
            Ids.customer(),
            Ids.merchant(),
            Instant.EPOCH,
            new Personal(
                    FieldChanges.none()
                            .with(CustomerField.REFERENCE, "INV-2024-000123")
                            .with(CustomerField.COMPANY_NAME, "Tshwane Elektriese Dienste (Edms) Bpk")
                            .with(CustomerField.PERSON_NAME, "Thandeka")
                            .with(CustomerField.PERSON_SURNAME, "Müller-Nkosi")
                            .with(CustomerField.EMAIL, "thandeka@example.co.za")
                            .with(CustomerField.CONTACT_NUMBER, "+27 82 555 0123")
                            .with(CustomerField.CITY_OR_TOWN, "Pretoria")
                            .with(CustomerField.POSTAL_CODE, 2)
                            .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())
                            .with(CustomerField.METADATA, new JsonText("{\"segment\":\"retail\",\"limit\":1500.50}")),
                    "thandeka",
                    null));
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

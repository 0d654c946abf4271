package com.customerledger.benchmarks;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FaultyValueException;
import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
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
import tools.jackson.core.JsonParser;

/** What the checks of single fields cost, their dearest ones by themselves. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class FieldCheckBenchmark {

    private final JsonValue name = sent("\"Müller-Nkosi\"");
    private final JsonValue email = sent("\"thandeka@example.co.za\"");
    private final JsonValue phone = sent("\"+27 82 555 0123\"");

    private static JsonValue sent(String text) {
        try (JsonParser parser = Json.parser(text)) {
            parser.nextToken();
            return JsonValue.read(parser);
        }
    }

    /** A text that has a length only. */
    @Benchmark
    public Object checksAName() throws FaultyValueException {
        return CustomerField.PERSON_SURNAME.check(name);
    }

    /** An e-mail address. */
    @Benchmark
    public Object checksAnEmail() throws FaultyValueException {
        return CustomerField.EMAIL.check(email);
    }

    /** A phone number. */
    @Benchmark
    public Object checksAPhoneNumber() throws FaultyValueException {
        return CustomerField.CONTACT_NUMBER.check(phone);
    }
}

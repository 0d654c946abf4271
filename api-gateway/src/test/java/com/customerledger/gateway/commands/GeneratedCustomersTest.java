package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FaultyValueException;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The generator below {@code samples} is run as a person runs it, and its records are held against the rules. */
class GeneratedCustomersTest {

    private static final int COUNT = 2_000;

    @TempDir
    private static Path directory;

    private static byte[] written;
    private static List<Map<String, JsonValue>> customers;

    @BeforeAll
    static void generate() throws Exception {
        written = generated("C", "--count", String.valueOf(COUNT), "--seed", "1");
        customers = new ArrayList<>();
        for (String line : new String(written, StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                customers.add(record(line));
            }
        }
    }

    @Test
    void everySeedGivesItsOwnBytesInEveryLocale() throws Exception {
        assertThat(generated("tr_TR.UTF-8", "--count", String.valueOf(COUNT), "--seed", "1", "-Duser.language=tr"))
                .isEqualTo(written);
        assertThat(generated("C", "--count", "10", "--seed", "2")).isNotEqualTo(Arrays.copyOf(written, 10));
    }

    @Test
    void theSampleIsTheBeginningOfTheFirstSeed() throws IOException {
        byte[] sample = Files.readAllBytes(samples().resolve("customers.ndjson"));
        assertThat(sample).hasSizeLessThan(500_000).isEqualTo(Arrays.copyOf(written, sample.length));
        assertThat(new String(sample, StandardCharsets.UTF_8).lines()).hasSize(1_000);
    }

    @Test
    void theSampleIsImportedAndListedBack() throws IOException {
        String sample = Files.copy(samples().resolve("customers.ndjson"), directory.resolve("sample.ndjson"))
                .toString();
        try (FakeLedger ledger = new FakeLedger()) {
            assertThat(CommandRun.against(ledger, directory, "import", sample, "--batch", "300")
                            .exitCode())
                    .isZero();
            assertThat(CommandRun.against(ledger, directory, "compare", sample, "--exact")
                            .out())
                    .contains("1,000 in the file, 1,000 listed: 1,000 equal, 0 different");
        }
    }

    @Test
    void everyFieldOfEveryRecordIsValid() {
        for (Map<String, JsonValue> customer : customers) {
            customer.forEach((name, value) -> {
                CustomerField field = CustomerField.named(name);
                assertThat(field).as(name).isNotNull();
                if (!(value instanceof JsonValue.Null)) {
                    check(field, value);
                }
            });
        }
    }

    @Test
    void everyRecordHasItsNames() {
        assertThat(customers)
                .allMatch(customer -> !text(customer, CustomerField.COMPANY_NAME)
                                .isBlank()
                        || (!text(customer, CustomerField.PERSON_NAME).isBlank()
                                && !text(customer, CustomerField.PERSON_SURNAME).isBlank()));
    }

    @Test
    void referencesAreUnique() {
        Set<String> references = new HashSet<>();
        customers.forEach(customer -> references.add(text(customer, CustomerField.REFERENCE)));
        assertThat(references).hasSize(COUNT).doesNotContain("");
    }

    @Test
    void southAfricanIdsHaveABirthDateAndTheirCheckDigit() {
        List<String> ids = customers.stream()
                .filter(customer -> text(customer, CustomerField.ID_TYPE).equals(Lookup.SOUTH_AFRICAN_ID.id()))
                .map(customer -> text(customer, CustomerField.ID_NUMBER))
                .filter(id -> !id.isEmpty())
                .toList();
        assertThat(ids).hasSizeGreaterThan(COUNT / 4).allSatisfy(id -> {
            assertThat(id).matches("\\d\\d(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])\\d{4}[01]8\\d");
            assertThat(luhnSum(id) % 10).as(id).isZero();
        });
    }

    @Test
    void recordsAreAsMixedAsRealOnes() {
        Map<String, Integer> statuses = new HashMap<>();
        customers.forEach(customer -> statuses.merge(text(customer, CustomerField.CUSTOMER_STATUS), 1, Integer::sum));
        assertThat(statuses.keySet())
                .containsExactlyInAnyOrder("", Lookup.ACTIVE.id(), Lookup.DISABLED.id(), Lookup.ARCHIVED.id());
        assertThat(statuses.getOrDefault("", 0) + statuses.getOrDefault(Lookup.ACTIVE.id(), 0))
                .isGreaterThan(COUNT * 8 / 10);
        for (CustomerField field : CustomerField.all()) {
            if (!field.required()) {
                assertThat(customers).as(field.json()).anyMatch(customer -> !customer.containsKey(field.json()));
                assertThat(customers)
                        .as(field.json())
                        .anyMatch(customer -> customer.get(field.json()) instanceof JsonValue.Null);
                assertThat(customers)
                        .as(field.json())
                        .anyMatch(customer -> customer.containsKey(field.json())
                                && !(customer.get(field.json()) instanceof JsonValue.Null));
            }
        }
        assertThat(customers).anyMatch(customer -> "".equals(blank(customer, CustomerField.CITY_OR_TOWN)));
        assertThat(new String(written, StandardCharsets.UTF_8))
                .contains(
                        "ê", "ë", "š", "陈", "🏉", "\\u", "1.10", "12345678901234567890", "(Pty) Ltd", " CC\"", "Trust");
    }

    @Test
    void theSourceIsPlainAscii() throws IOException {
        assertThat(Files.readString(samples().resolve("GenerateCustomers.java"), StandardCharsets.UTF_8))
                .as("JDK 17 reads a source that it launches in the locale's encoding")
                .matches(source -> source.chars().allMatch(c -> c < 128));
    }

    private static String blank(Map<String, JsonValue> customer, CustomerField field) {
        return customer.get(field.json()) instanceof JsonValue.Text text ? text.value() : "none";
    }

    private static void check(CustomerField field, JsonValue value) {
        try {
            field.check(value);
        } catch (FaultyValueException e) {
            fail(value + " is no value of " + field, e);
        }
    }

    private static String text(Map<String, JsonValue> customer, CustomerField field) {
        return customer.get(field.json()) instanceof JsonValue.Text text ? text.value() : "";
    }

    /** Over all digits, the check digit included, a right number's sum ends in 0. */
    private static int luhnSum(String digits) {
        int sum = 0;
        boolean twice = false;
        for (int i = digits.length() - 1; i >= 0; i--) {
            int weighed = (digits.charAt(i) - '0') * (twice ? 2 : 1);
            sum += weighed / 10 + weighed % 10;
            twice = !twice;
        }
        return sum;
    }

    private static Map<String, JsonValue> record(String line) {
        Map<String, JsonValue> fields = new HashMap<>();
        try (JsonParser parser = Json.parser(line)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, JsonValue.read(parser));
            }
            assertThat(parser.nextToken()).isNull();
        }
        return fields;
    }

    private static byte[] generated(String locale, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "customers", ".ndjson");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Arrays.stream(arguments).filter(each -> each.startsWith("-D")).forEach(command::add);
        command.add(samples().resolve("GenerateCustomers.java").toString());
        Arrays.stream(arguments).filter(each -> !each.startsWith("-D")).forEach(command::add);
        command.addAll(List.of("--out", out.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("LC_ALL", locale);
        Process process = builder.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readAllBytes(out);
    }

    /** The build runs tests in their module's directory, an editor often in the repository's. */
    static Path samples() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("samples/GenerateCustomers.java"))) {
            directory = Objects.requireNonNull(directory.getParent(), "no directory above has samples");
        }
        return directory.resolve("samples");
    }
}

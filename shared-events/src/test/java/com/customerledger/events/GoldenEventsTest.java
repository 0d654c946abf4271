package com.customerledger.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Every event ever written stays readable: a golden file is only ever added. */
class GoldenEventsTest {

    private static final String CUSTOMER = "cus_0123456789ABCDEFGHIJK";
    private static final String MERCHANT = "mer_0123456789ABCDEFGHIJK";
    private static final Personal NOTHING_SAID = new Personal(FieldChanges.none(), null, null);

    private static final CustomerArchived ARCHIVED = new CustomerArchived(
            CUSTOMER,
            MERCHANT,
            Instant.parse("2024-04-01T00:00:00Z"),
            false,
            new Personal(FieldChanges.none(), "sipho", null));

    private static final CustomerArchived ARCHIVED_AT_CREATION =
            new CustomerArchived(CUSTOMER, MERCHANT, Instant.parse("2024-02-27T07:11:23.123456Z"), true, NOTHING_SAID);

    private static final Map<String, LedgerEvent> EXPECTED = Map.of(
            "CustomerCreated.1.json",
            new CustomerCreated(
                    CUSTOMER,
                    MERCHANT,
                    Instant.parse("2024-02-27T07:11:23.123456Z"),
                    new Personal(everyField(), "thandi@shop.example", "sign-up")),
            "CustomerUpdated.1.json",
            new CustomerUpdated(
                    CUSTOMER,
                    MERCHANT,
                    Instant.parse("2024-03-17T10:35:24.000001Z"),
                    new Personal(
                            FieldChanges.none()
                                    .with(CustomerField.EMAIL, null)
                                    .with(CustomerField.CITY_OR_TOWN, "Centurion"),
                            null,
                            "moved")),
            "CustomerArchived.1.json",
            ARCHIVED,
            "CustomerArchived.1.at-creation.json",
            ARCHIVED_AT_CREATION,
            "CustomerArchived.2.json",
            ARCHIVED,
            "CustomerArchived.2.at-creation.json",
            ARCHIVED_AT_CREATION,
            "CustomerRestored.1.json",
            new CustomerRestored(
                    CUSTOMER,
                    MERCHANT,
                    Instant.parse("2024-04-02T12:00:00.5Z"),
                    new Personal(
                            FieldChanges.none().with(CustomerField.CUSTOMER_STATUS, Lookup.DISABLED.id()), null, null)),
            "PaymentStarted.1.json",
            new PaymentStarted(
                    CUSTOMER,
                    MERCHANT,
                    Instant.parse("2024-05-01T06:00:00Z"),
                    "pay-2024-05",
                    PaymentMethod.DEBICHECK,
                    2,
                    NOTHING_SAID),
            "PaymentStopped.1.json",
            new PaymentStopped(
                    CUSTOMER,
                    MERCHANT,
                    Instant.parse("2024-05-31T06:00:00Z"),
                    "pay-2024-05",
                    new Personal(FieldChanges.none(), "platform", "mandate cancelled")));

    private static FieldChanges everyField() {
        return FieldChanges.none()
                .with(CustomerField.REFERENCE, "CLN240919000001")
                .with(CustomerField.COMPANY_NAME, "Superior Meteor Corp")
                .with(CustomerField.PERSON_NAME, "Noël")
                .with(CustomerField.PERSON_SURNAME, "O'Neill \"Ñ\" 龍")
                .with(CustomerField.ID_TYPE, Lookup.SOUTH_AFRICAN_ID.id())
                .with(CustomerField.ID_NUMBER, "8001015009087")
                .with(CustomerField.EMAIL, "johndoe@mail.com")
                .with(CustomerField.CONTACT_NUMBER, "+27831234567")
                .with(CustomerField.BILLING_ADDRESS_LINE_1, "145 Superior Complex\nUnit 3")
                .with(CustomerField.BILLING_ADDRESS_LINE_2, "")
                .with(CustomerField.CITY_OR_TOWN, "Pretoria")
                .with(CustomerField.POSTAL_CODE, 1285)
                .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())
                .with(
                        CustomerField.METADATA,
                        new JsonText("{\"limit\":1.10,\"big\":12345678901234567890,"
                                + "\"tags\":[\"a\",null,true,{\"x\":1e400}],\"emoji\":\"🙂\"}"));
    }

    private static List<String> files() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(GoldenEventsTest.class.getResource("/golden"));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, String> golden(String file) throws IOException, URISyntaxException {
        URL url = Objects.requireNonNull(GoldenEventsTest.class.getResource("/golden/" + file));
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = Json.parser(Files.readString(Path.of(url.toURI())))) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(
                        name,
                        JsonValue.read(parser) instanceof JsonValue.Container container
                                ? container.compact()
                                : parser.getString());
            }
        }
        return members;
    }

    private static String member(Map<String, String> golden, String name) {
        return Objects.requireNonNull(golden.get(name), name);
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyGoldenFileReadsAsTheEventThatItWas(String file) throws Exception {
        Map<String, String> golden = golden(file);

        LedgerEvent event = EventCodec.event(
                member(golden, "type"),
                Integer.parseInt(member(golden, "revision")),
                member(golden, "aggregate_id"),
                Instant.parse(member(golden, "occurred_at")),
                member(golden, "payload"));

        assertThat(event).isEqualTo(EXPECTED.get(file));
        EventMetadata metadata = EventCodec.metadata(member(golden, "metadata"));
        assertThat(EventCodec.metadata(metadata)).isEqualTo(member(golden, "metadata"));
    }

    /** Of each type the files of its newest revision. */
    private static List<String> newestFiles() throws IOException, URISyntaxException {
        Map<String, Integer> newest = new HashMap<>();
        for (String file : files()) {
            newest.merge(type(file), revision(file), Math::max);
        }
        return files().stream()
                .filter(file -> revision(file) == newest.getOrDefault(type(file), 0))
                .toList();
    }

    private static String type(String file) {
        return file.substring(0, file.indexOf('.'));
    }

    private static int revision(String file) {
        return Integer.parseInt(file.replaceFirst("^[A-Za-z]+\\.([0-9]+)\\..*", "$1"));
    }

    @ParameterizedTest
    @MethodSource("newestFiles")
    void whatIsWrittenTodayIsTheNewestGoldenFileToTheLetter(String file) throws Exception {
        Map<String, String> golden = golden(file);
        LedgerEvent event = Objects.requireNonNull(EXPECTED.get(file));

        assertThat(EventCodec.type(event)).isEqualTo(member(golden, "type"));
        assertThat(EventCodec.revision(event)).isEqualTo(Integer.parseInt(member(golden, "revision")));
        assertThat(EventCodec.payload(event)).isEqualTo(member(golden, "payload"));
    }

    @Test
    void noRevisionBetweenTheFirstAndTheNewestIsWithoutAGoldenFile() throws Exception {
        for (String newest : newestFiles()) {
            for (int revision = 1; revision < revision(newest); revision++) {
                assertThat(files()).contains(type(newest) + "." + revision + ".json");
            }
        }
    }

    @Test
    void aMemberThatANewRevisionMustHaveIsMissed() {
        assertThatThrownBy(() -> EventCodec.event(
                        "CustomerArchived",
                        2,
                        CUSTOMER,
                        Instant.EPOCH,
                        "{\"merchant_id\":\"m\",\"personal\":{\"format\":1}}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("at_creation");
    }

    @Test
    void everyEventHasAGoldenFile() throws Exception {
        List<String> types =
                files().stream().map(GoldenEventsTest::type).distinct().toList();

        assertThat(Arrays.stream(LedgerEvent.class.getPermittedSubclasses()).map(Class::getSimpleName))
                .containsExactlyInAnyOrderElementsOf(types);
    }

    @Test
    void leftAloneAndClearedAndSetAreThreeThings() throws Exception {
        Personal read =
                Objects.requireNonNull(EXPECTED.get("CustomerUpdated.1.json")).personal();

        assertThat(read.fields().has(CustomerField.EMAIL)).isTrue();
        assertThat(read.fields().get(CustomerField.EMAIL)).isNull();
        assertThat(read.fields().get(CustomerField.CITY_OR_TOWN)).isEqualTo("Centurion");
        assertThat(read.fields().has(CustomerField.REFERENCE)).isFalse();
        assertThat(member(golden("CustomerUpdated.1.json"), "payload")).contains("\"email\":null");
    }

    @Test
    void anEventThatThisVersionDoesNotKnowIsSaidToBeUnknown() {
        Instant at = Instant.EPOCH;
        String payload = "{\"merchant_id\":\"m\",\"personal\":{\"format\":1}}";

        assertThatThrownBy(() -> EventCodec.event("CustomerMerged", 1, CUSTOMER, at, payload))
                .isInstanceOf(UnknownEventException.class);
        assertThatThrownBy(() -> EventCodec.event("CustomerArchived", 3, CUSTOMER, at, payload))
                .isInstanceOf(UnknownEventException.class);
        assertThatThrownBy(() -> EventCodec.event("CustomerArchived", 0, CUSTOMER, at, payload))
                .isInstanceOf(UnknownEventException.class);
    }

    @Test
    void nothingPersonalIsInWhatAnEventPrints() {
        for (LedgerEvent event : EXPECTED.values()) {
            assertThat(event.toString()).doesNotContain("Noël", "johndoe", "thandi", "sipho", "Centurion", "moved");
        }
    }
}

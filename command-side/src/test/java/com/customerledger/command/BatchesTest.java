package com.customerledger.command;

import static com.customerledger.command.TestLedger.change;
import static com.customerledger.command.TestLedger.creation;
import static com.customerledger.command.TestLedger.customer;
import static com.customerledger.command.TestLedger.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.customerledger.command.idempotency.IdempotencyKeys;
import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerRestored;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.Positions;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.command.Answer;
import com.customerledger.events.command.Command;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.command.Idempotency;
import com.customerledger.events.command.StartPayments;
import com.customerledger.events.command.StartPayments.PaymentStart;
import com.customerledger.events.command.StopPayments;
import com.customerledger.events.command.StopPayments.PaymentStop;
import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.RecordFault;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {

    private static final AtomicInteger IDS = new AtomicInteger();

    private static TestLedger ledger;

    @BeforeAll
    static void open(@TempDir Path directory) {
        ledger = new TestLedger(directory);
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @BeforeEach
    void clear() {
        ledger.clear();
    }

    private static String id() {
        return "cus_" + "%021d".formatted(IDS.incrementAndGet());
    }

    private String created(String reference) {
        String id = id();
        ledger.execute(creation(customer(id, reference)));
        return id;
    }

    private Refusal refusal(Command command) {
        return catchThrowableOfType(RefusedException.class, () -> ledger.execute(command))
                .refusal();
    }

    private static CustomerUpdate status(String id, Lookup status) {
        return change(id, CustomerField.CUSTOMER_STATUS, status.id());
    }

    @Test
    void aBatchIsOneTransactionWithOneNumber() {
        ledger.execute(creation(
                IntStream.range(0, 1_000).mapToObj(i -> customer(id(), "R" + i)).toArray(NewCustomer[]::new)));

        List<Long> positions =
                ledger.owner().queryForList("SELECT position FROM ledger.events ORDER BY position", Long.class);
        assertThat(positions).hasSize(1_000);
        long first = positions.get(0);
        assertThat(first).isEqualTo(Positions.of(Positions.transaction(first), 0));
        assertThat(positions)
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> first + i).toList());
    }

    @Test
    void aRecordThatChangesNothingMakesNoEvent() {
        String id = created("R1");

        String answer = ledger.execute(update(change(id, CustomerField.COMPANY_NAME, "Meteor Ltd")));

        assertThat(ledger.events()).hasSize(1);
        assertThat(answer).contains("\"version\":1").contains("\"updated_at\":null");
    }

    @Test
    void restoringAnArchivedCustomerClearsDeletedAt() {
        String id = created("R1");
        assertThat(ledger.execute(update(status(id, Lookup.ARCHIVED)))).doesNotContain("\"deleted_at\":null");

        String answer = ledger.execute(update(new CustomerUpdate(
                id,
                FieldChanges.none()
                        .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())
                        .with(CustomerField.EMAIL, "a@example.com"),
                null,
                List.of())));

        assertThat(answer).contains("\"deleted_at\":null").contains("\"version\":4");
        assertThat(ledger.events())
                .extracting(Object::getClass)
                .isEqualTo(List.of(
                        CustomerCreated.class, CustomerArchived.class, CustomerRestored.class, CustomerUpdated.class));
    }

    @Test
    void anArchivedCustomerRefusesOtherChanges() {
        String id = created("R1");
        ledger.execute(update(status(id, Lookup.ARCHIVED)));

        Refusal refusal = refusal(update(change(id, CustomerField.EMAIL, "a@example.com")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(ledger.events()).hasSize(2);
    }

    @Test
    void aCustomerCreatedAsArchivedIsTwoEventsOfOneRequest() {
        NewCustomer archived = new NewCustomer(
                id(), customer("", "R1").fields().with(CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id()), List.of());

        String answer = ledger.execute(creation(archived));

        assertThat(answer).contains("\"updated_at\":null").doesNotContain("\"deleted_at\":null");
        assertThat(ledger.events())
                .extracting(Object::getClass)
                .isEqualTo(List.of(CustomerCreated.class, CustomerArchived.class));
    }

    @Test
    void everyFaultOfEveryRecordIsReportedAndNothingStored() {
        created("taken");
        NewCustomer nameless =
                new NewCustomer(id(), FieldChanges.none().with(CustomerField.REFERENCE, "R2"), List.of());

        Refusal refusal =
                refusal(creation(customer(id(), "taken"), nameless, customer(id(), "R3"), customer(id(), "R3")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.VALUE);
        assertThat(refusal.faults())
                .extracting(RecordFault::index, each -> each.fault().rule())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0, "taken"),
                        org.assertj.core.groups.Tuple.tuple(1, "name"),
                        org.assertj.core.groups.Tuple.tuple(3, "duplicate"));
        assertThat(ledger.events()).hasSize(1);
        ledger.execute(creation(customer(id(), "R3")));
    }

    @Test
    void twoCustomersSwapTheirReferencesInOneBatch() {
        String one = created("A");
        String two = created("B");

        ledger.execute(update(change(one, CustomerField.REFERENCE, "B"), change(two, CustomerField.REFERENCE, "A")));

        assertThat(refusal(creation(customer(id(), "A"))).code()).isEqualTo(ErrorCode.CONFLICT);
        ledger.execute(update(change(one, CustomerField.REFERENCE, "C")));
        ledger.execute(creation(customer(id(), "B")));
    }

    @Test
    void anotherMerchantsCustomerIsNotThere() {
        String id = created("R1");

        Refusal refusal = refusal(new com.customerledger.events.command.UpdateCustomers(
                new com.customerledger.events.command.Caller("mer_two", "key_two", "req", null, null),
                null,
                List.of(
                        change(id, CustomerField.EMAIL, "a@example.com"),
                        change("cus_none", CustomerField.EMAIL, null)),
                false));

        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal.faults()).extracting(each -> each.fault().rule()).containsExactly("not_found", "not_found");
    }

    @Test
    void theSameKeyGivesTheSameBytesOnceOnly() {
        Idempotency key = new Idempotency("k1", "hash1");
        Answer first = ledger.commands().execute(creation(key, customer(id(), "R1")));

        Answer second = ledger.commands().execute(creation(key, customer(id(), "R1")));

        assertThat(second.replayed()).isTrue();
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(ledger.events()).hasSize(1);
        Refusal other = refusal(creation(new Idempotency("k1", "hash2"), customer(id(), "R2")));
        assertThat(other.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(ledger.owner()
                        .queryForObject("SELECT metadata::json->>'idempotency' FROM ledger.events", String.class))
                .hasSize(64);
    }

    @Test
    void aRefusedRequestStoresNothingUnderItsKey() {
        created("R1");
        Idempotency key = new Idempotency("k1", "hash1");
        refusal(creation(key, customer(id(), "R1")));

        assertThat(ledger.commands()
                        .execute(creation(key, customer(id(), "R2")))
                        .replayed())
                .isFalse();
    }

    @Test
    void oneKeySentManyTimesAtOnceWritesOnce() throws Exception {
        Idempotency key = new Idempotency("k1", "hash1");
        List<Callable<Boolean>> requests = Collections.nCopies(
                8,
                () -> ledger.commands()
                        .execute(creation(key, customer(id(), "R1")))
                        .replayed());

        assertThat(all(requests)).filteredOn(replayed -> !replayed).hasSize(1);
        assertThat(ledger.events()).hasSize(1);
    }

    @Test
    void oneReferenceTakenManyTimesAtOnceIsTakenOnce() throws Exception {
        List<Callable<Boolean>> requests = Collections.nCopies(8, () -> {
            try {
                ledger.execute(creation(customer(id(), "R1")));
                return true;
            } catch (RefusedException e) {
                assertThat(e.refusal().code()).isEqualTo(ErrorCode.CONFLICT);
                return false;
            }
        });

        assertThat(all(requests)).filteredOn(taken -> taken).hasSize(1);
        assertThat(ledger.events()).hasSize(1);
    }

    @Test
    void overlappingBatchesInOppositeOrdersAllSucceedOnTwoNodes(@TempDir Path other) throws Exception {
        List<String> ids =
                IntStream.range(0, 20).mapToObj(i -> created("R" + i)).toList();
        List<String> reversed = new ArrayList<>(ids);
        Collections.reverse(reversed);
        try (TestLedger second = new TestLedger(ledger.access(), other)) {
            List<Callable<Boolean>> requests = IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        (i % 2 == 0 ? ledger : second)
                                .execute(update((i % 4 < 2 ? ids : reversed)
                                        .stream()
                                                .map(id -> change(id, CustomerField.CITY_OR_TOWN, "City " + i))
                                                .toArray(CustomerUpdate[]::new)));
                        return true;
                    })
                    .toList();

            assertThat(all(requests)).hasSize(16).doesNotContain(false);
        }
        assertThat(ledger.events()).hasSize(20 + 16 * 20);
    }

    @Test
    void customersSwapTheirReferencesOnTwoNodesAtOnce(@TempDir Path other) throws Exception {
        List<String> ids = IntStream.range(0, 6).mapToObj(i -> created("R" + i)).toList();
        try (TestLedger second = new TestLedger(ledger.access(), other)) {
            List<Callable<Boolean>> requests = IntStream.range(1, 13)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        // Whatever the others have done meanwhile, no customer outside the batch has any of them.
                        (i % 2 == 0 ? ledger : second)
                                .execute(update(IntStream.range(0, 6)
                                        .mapToObj(n -> change(ids.get(n), CustomerField.REFERENCE, "R" + (n + i) % 6))
                                        .toArray(CustomerUpdate[]::new)));
                        return true;
                    })
                    .toList();

            assertThat(all(requests)).hasSize(12).doesNotContain(false);
        }
    }

    @Test
    void aCustomerWithRunningPaymentsIsNeitherArchivedNorDisabled() {
        String id = created("R1");
        assertThat(ledger.execute(start("pay1", id, PaymentMethod.EFT))).contains("\"state\":\"running\"");

        for (Lookup status : List.of(Lookup.ARCHIVED, Lookup.DISABLED)) {
            Refusal refusal = refusal(update(status(id, status)));
            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refusal.faults().get(0).fault().rule()).isEqualTo("running_payments");
            assertThat(refusal.faults().get(0).fault().message()).contains("pay1");
        }
        assertThat(ledger.execute(stop("pay1", id)))
                .contains("\"state\":\"stopped\"")
                .contains("EFT");
        ledger.execute(update(status(id, Lookup.ARCHIVED)));
        assertThat(ledger.execute(start("pay1", id, PaymentMethod.EFT))).contains("\"state\":\"stopped\"");
        assertThat(refusal(start("pay2", id, PaymentMethod.EFT)).code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aPaymentBelongsToOneCustomerAndOneMethod() {
        String one = created("R1");
        String two = created("R2");
        ledger.execute(start("pay1", one, PaymentMethod.EFT));

        assertThat(refusal(start("pay1", two, PaymentMethod.EFT)).code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(start("pay1", one, PaymentMethod.DEBICHECK)).code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(stop("pay1", two)).code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(stop("pay9", one)).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(ledger.events()).hasSize(3);
    }

    @Test
    void aDebiCheckPaymentNamesAllThatIsMissing() {
        String id = created("R1");

        Refusal refusal = refusal(start("pay1", id, PaymentMethod.DEBICHECK));

        assertThat(refusal.code()).isEqualTo(ErrorCode.VALUE);
        assertThat(refusal.faults())
                .extracting(each -> each.fault().field())
                .containsExactlyInAnyOrder(
                        "person_name",
                        "person_surname",
                        "id_type_lookups_id",
                        "id_number",
                        "contact_number",
                        "company_name");
    }

    @Test
    void theEventsRefuseToBeChangedByAnybody() throws SQLException {
        created("R1");
        for (String change : List.of(
                "UPDATE ledger.events SET payload = payload", "DELETE FROM ledger.events", "TRUNCATE ledger.events")) {
            assertThatThrownBy(() -> ledger.owner().execute(change)).rootCause().hasMessageContaining("is refused");
            try (Connection application = ledger.connect();
                    Statement statement = application.createStatement()) {
                assertThatThrownBy(() -> statement.execute(change)).hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void aWriteThatIsHeldUpAfterItsNumberWasDrawnIsRolledBackAtItsBound() throws SQLException {
        String id = created("R1");
        try (Connection other = ledger.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            // The customer's next event, of a transaction that does not end.
            statement.execute("""
                    INSERT INTO ledger.events
                    SELECT (nextval('ledger.transaction_number') << 14), gen_random_uuid(), aggregate_id, 1, type,
                           revision, occurred_at, payload, metadata
                      FROM ledger.events
                    """);

            assertThatThrownBy(() -> ledger.execute(update(change(id, CustomerField.CITY_OR_TOWN, "Paarl"))))
                    .isInstanceOf(UnavailableException.class);
            other.rollback();
        }
        assertThat(ledger.events()).hasSize(1);
        ledger.execute(update(change(id, CustomerField.CITY_OR_TOWN, "Paarl")));
        assertThat(ledger.events()).hasSize(2);
    }

    @Test
    void aReferenceThatAnUnendedTransactionTakesIsWaitedForAndNotForEver() throws SQLException {
        try (Connection other = ledger.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("INSERT INTO ledger.reference_claims VALUES ('mer_one', 'held', 'cus_other')");

            assertThatThrownBy(() -> ledger.execute(creation(customer(id(), "held"))))
                    .isInstanceOf(UnavailableException.class);
            other.rollback();
        }
        ledger.execute(creation(customer(id(), "held")));
        assertThat(ledger.events()).hasSize(1);
    }

    @Test
    void expiredKeysAreRemovedAndThenTheKeyIsNew() {
        Idempotency key = new Idempotency("k1", "hash1");
        ledger.commands().execute(creation(key, customer(id(), "R1")));
        ledger.owner().update("UPDATE ledger.idempotency_keys SET stored_at = stored_at - interval '25 hours'");

        assertThat(ledger.commands()
                        .execute(creation(new Idempotency("k1", "hash2"), customer(id(), "R2")))
                        .replayed())
                .isFalse();
        ledger.owner().update("UPDATE ledger.idempotency_keys SET stored_at = stored_at - interval '25 hours'");
        assertThat(ledger.bean(IdempotencyKeys.class).removeExpired()).isEqualTo(1);
        assertThat(ledger.bean(IdempotencyKeys.class).removeExpired()).isZero();
    }

    @Test
    void theVersionThatIsExpectedMustBeTheRecords() {
        String id = created("R1");
        FieldChanges change = FieldChanges.none().with(CustomerField.CITY_OR_TOWN, "Paarl");

        assertThat(refusal(update(new CustomerUpdate(id, change, 2, List.of()))).code())
                .isEqualTo(ErrorCode.CONFLICT);
        ledger.execute(update(new CustomerUpdate(id, change, 1, List.of())));
        assertThat(ledger.events()).hasSize(2);
    }

    @Test
    void theSameCustomerTwiceInABatchIsRefused() {
        String id = created("R1");

        Refusal refusal = refusal(update(
                change(id, CustomerField.CITY_OR_TOWN, "Paarl"), change(id, CustomerField.CITY_OR_TOWN, "Ceres")));

        assertThat(refusal.faults())
                .extracting(RecordFault::index, each -> each.fault().rule())
                .containsExactly(org.assertj.core.groups.Tuple.tuple(1, "duplicate"));
    }

    @Test
    void aNodeWhoseClockIsBehindNeverStepsBackInACustomersTime() {
        String id = created("R1");
        ledger.owner().execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
        ledger.owner().update("UPDATE ledger.events SET occurred_at = now() + interval '1 hour'");
        ledger.owner().execute("ALTER TABLE ledger.events ENABLE TRIGGER events_never_change");

        ledger.execute(update(change(id, CustomerField.CITY_OR_TOWN, "Paarl")));

        List<LedgerEvent> events = ledger.events();
        assertThat(events.get(1).at()).isEqualTo(events.get(0).at());
    }

    private static StartPayments start(String payment, String customer, PaymentMethod method) {
        return new StartPayments(
                TestLedger.CALLER, null, List.of(new PaymentStart(payment, customer, method, List.of())));
    }

    private static StopPayments stop(String payment, String customer) {
        return new StopPayments(TestLedger.CALLER, null, List.of(new PaymentStop(payment, customer, List.of())));
    }

    private static <T> List<T> all(List<Callable<T>> requests) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(requests)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}

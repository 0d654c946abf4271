package com.customerledger.query.view;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.started;
import static com.customerledger.query.TestStore.stopped;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.PaymentMethod;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.audit.ViewAudit;
import com.customerledger.events.audit.ViewAudit.Letter;
import com.customerledger.events.audit.ViewAudit.Request;
import com.customerledger.events.audit.ViewAudit.Requested;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.ViewsHealth.ViewHealth;
import com.customerledger.events.views.OperationRefusedException;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.Freshness.Admission;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LettersTest {

    private final TestStore store = new TestStore();
    private final Picky picky = new Picky();
    private final TestNode node = new TestNode(store, List.of(picky));
    private final ViewAudit audit = new LedgerViewAudit();

    @AfterEach
    void end() {
        node.close();
    }

    private Admission admitted() {
        return node.views().freshness().admit(Consistency.STRONG, List.of(Picky.NAME));
    }

    private List<@Nullable String> noted(String customer) throws SQLException {
        return store.query("SELECT sequence FROM views.picky_1 WHERE customer_id = '" + customer + "' ORDER BY place");
    }

    private List<Letter> letters() {
        return audit.letters(store.database(), Picky.NAME);
    }

    /** Waits until a generation, which nobody stops for good, has all events of the one customer. */
    private void awaitParked(int generation) {
        await().until(() -> store.query("SELECT trouble FROM views.generations WHERE trouble IS NOT NULL")
                        .isEmpty()
                && audit.letters(store.database(), Picky.NAME, generation).size() == 3);
    }

    private void assertCertified() {
        assertThat(audit.certify(store.database(), position -> {}))
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.findings()).isEmpty());
    }

    /** Of three customers the first one's second event can't be applied. */
    private void poison() {
        picky.disliked.add("cus_a 1");
        store.append(created("cus_a", START, "1"), created("cus_b", START, "2"));
        store.append(
                updated("cus_a", START, CustomerField.EMAIL, null),
                updated("cus_b", START, CustomerField.EMAIL, null),
                updated("cus_a", START, CustomerField.CITY_OR_TOWN, null));
        store.append(started("cus_a", START, "pay_1", PaymentMethod.EFT, 1), created("cus_c", START, "3"));
        store.append(stopped("cus_a", START, "pay_1"));
    }

    @Test
    void anEventThatCannotBeAppliedIsParkedAndItsCustomersLaterOnesWaitWhileOthersGoOn() throws SQLException {
        poison();
        Admission admission = admitted();

        assertThat(noted("cus_a")).containsExactly("0");
        assertThat(noted("cus_b")).containsExactly("0", "1");
        assertThat(noted("cus_c")).containsExactly("0");
        assertThat(letters()).extracting(Letter::customerId).containsOnly("cus_a");
        assertThat(letters())
                .extracting(Letter::type)
                .containsExactly("CustomerUpdated", "CustomerUpdated", "PaymentStarted");
        assertThat(letters().get(0).cause()).contains("SQLSTATE 23502");
        assertThat(letters()).element(1).extracting(Letter::cause).isNull();
        assertThat(ParkedCustomers.count(node.database(), admission, MERCHANT)).isEqualTo(1);
        assertThat(ParkedCustomers.count(node.database(), admission, "mer_two")).isZero();
        assertThatThrownBy(() -> ParkedCustomers.check(node.database(), admission, MERCHANT, "cus_a"))
                .isInstanceOf(UnavailableException.class);
        assertThatCode(() -> {
                    ParkedCustomers.check(node.database(), admission, MERCHANT, "cus_b");
                    ParkedCustomers.check(node.database(), admission, "mer_two", "cus_a");
                })
                .doesNotThrowAnyException();
        await().until(() -> node.views().troubles().isEmpty());
        await().until(() -> node.views().views().stream()
                        .mapToLong(ViewHealth::parkedEvents)
                        .sum()
                == 3);
        assertCertified();
    }

    @Test
    void aRetryAppliesThemInOrderOnceTheCauseIsMended() throws SQLException {
        poison();
        admitted();

        assertThat(audit.ask(store.database(), Picky.NAME, Request.retry())).isEqualTo(new Requested(1, 0, 3));
        assertThat(letters().get(0).attempts()).isEqualTo(2);

        picky.disliked.clear();
        assertThat(audit.ask(store.database(), Picky.NAME, Request.retry())).isEqualTo(new Requested(1, 0, 0));
        assertThat(noted("cus_a")).containsExactly("0", "1", "2", "3");
        assertThat(admitted().hasParked()).isFalse();
        store.append(updated("cus_a", START, CustomerField.EMAIL, null));
        admitted();
        assertThat(noted("cus_a")).containsExactly("0", "1", "2", "3", "5");
        assertCertified();
    }

    @Test
    void aDiscardedEventIsLeftOutAndWhatWaitedBehindItIsApplied() throws SQLException {
        poison();
        admitted();

        Requested done = audit.ask(store.database(), Picky.NAME, Request.discard(null, "known to be wrong"));

        assertThat(done).isEqualTo(new Requested(1, 1, 0));
        assertThat(noted("cus_a")).containsExactly("0", "2", "3");
        assertThat(store.query("SELECT reason FROM views.letters WHERE discarded_at IS NOT NULL"))
                .containsExactly("known to be wrong");
        assertThat(admitted().hasParked()).isFalse();
        assertCertified();
    }

    @Test
    void whatIsParkedStaysSoForTheNextOwner() throws SQLException {
        poison();
        admitted();
        node.close();
        store.append(updated("cus_a", START, CustomerField.EMAIL, null), created("cus_d", START, "4"));

        try (TestNode next = new TestNode(store, List.of(new Picky()))) {
            next.views().freshness().admit(Consistency.STRONG, List.of(Picky.NAME));
            assertThat(letters()).hasSize(4);
            assertThat(noted("cus_d")).containsExactly("0");
            assertThat(audit.ask(store.database(), Picky.NAME, Request.retry()).left())
                    .isZero();
            assertThat(noted("cus_a")).containsExactly("0", "1", "2", "3", "5");
        }
        assertCertified();
    }

    @Test
    void aGenerationIsNotSwappedInWithEventsParkedThatTheLiveOneHasNot() throws Exception {
        LedgerViewOperations operations = new LedgerViewOperations(List.of(picky));
        poison();
        admitted();
        audit.ask(store.database(), Picky.NAME, Request.discard(null, "known to be wrong"));
        operations.rebuild(store.database(), Picky.NAME, null);
        awaitParked(2);

        assertThatThrownBy(() -> operations.swap(store.database(), Picky.NAME))
                .isInstanceOf(OperationRefusedException.class)
                .hasMessageContaining("picky generation 2 has 3 parked events that picky generation 1 has not")
                .hasMessageContaining("ledger views discard picky --generation 2");
        assertThat(letters()).isEmpty();
        assertThat(audit.letters(store.database(), Picky.NAME, 2)).hasSize(3);
        assertThatThrownBy(() -> audit.letters(store.database(), Picky.NAME, 3))
                .hasMessageContaining("no generation 3 of the view picky");

        assertThat(audit.ask(store.database(), Picky.NAME, 2, Request.discard(null, "known to be wrong")))
                .isEqualTo(new Requested(1, 1, 0));
        assertThat(operations.swap(store.database(), Picky.NAME)).contains("both hold the same");
        assertThat(audit.certify(store.database(), position -> {}))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.findings()).isEmpty());
    }

    @Test
    void whatBothHaveParkedStopsNoSwapWithinARevisionAndNoRollbackButAnotherRevision() throws Exception {
        Picky second = new Picky(2);
        second.disliked.add("cus_a 1");
        LedgerViewOperations operations = new LedgerViewOperations(List.of(picky));
        poison();
        admitted();
        operations.rebuild(store.database(), Picky.NAME, null);
        awaitParked(2);
        assertThat(operations.swap(store.database(), Picky.NAME)).contains("both hold the same");
        assertThat(ParkedCustomers.count(node.database(), admitted(), MERCHANT)).isEqualTo(1);

        picky.disliked.clear();
        audit.ask(store.database(), Picky.NAME, Request.retry());
        assertThatThrownBy(() -> operations.rollback(store.database(), Picky.NAME))
                .hasMessageContaining("picky generation 1 has 3 parked events that picky generation 2 has not");
        audit.ask(store.database(), Picky.NAME, 1, Request.retry());
        operations.rollback(store.database(), Picky.NAME);
        assertThat(admitted().generation(Picky.NAME).number()).isEqualTo(1);

        try (TestNode both = new TestNode(store, List.of(picky, second))) {
            both.views().freshness().admit(Consistency.STRONG, List.of(Picky.NAME));
            LedgerViewOperations newer = new LedgerViewOperations(List.of(picky, second));
            newer.rebuild(store.database(), Picky.NAME, null);
            awaitParked(3);
            assertThatThrownBy(() -> newer.swap(store.database(), Picky.NAME))
                    .hasMessageContaining("picky generation 3 has 3 parked events, whose customers");
        }
    }

    @Test
    void anEventThatIsBrokenIsParkedByTheViewsThatHandleIt() throws SQLException {
        store.append(created("cus_a", START, "1"));
        try (TestStore.Writer writer = store.new Writer()) {
            writer.append(List.of(created("cus_b", START, "2")));
            writer.appendOfType("CustomerUpdated", "cus_b");
            writer.commit();
        }
        store.append(created("cus_c", START, "3"));
        admitted();
        // This view does not ask what an event says.
        assertThat(letters()).isEmpty();
        try (TestNode other = new TestNode(store, List.of(reading()))) {
            other.views().freshness().admit(Consistency.STRONG, List.of("reading"));
            List<Letter> letters = audit.letters(store.database(), "reading");
            assertThat(letters).extracting(Letter::type).containsExactly("CustomerUpdated");
            assertThat(letters.get(0).cause()).contains("lacks its member");
            // The customer's first event says whose it is.
            assertThat(letters.get(0).merchantId()).isEqualTo(MERCHANT);
        }
    }

    /** A view that reads every event and writes nothing. */
    private static View reading() {
        return new View() {
            @Override
            public String name() {
                return "reading";
            }

            @Override
            public int revision() {
                return 1;
            }

            @Override
            public String tables() {
                return "CREATE TABLE views.reading_N (nothing integer)";
            }

            @Override
            public Projection projection(Generation generation) {
                return (connection, events) ->
                        events.forEach(event -> assertThat(event.event()).isNotNull());
            }
        };
    }

    @Test
    void aViewWhoseTablesAreGoneStopsAndParksNothing() throws SQLException {
        admitted();
        store.execute("DROP TABLE views.picky_1");
        store.append(created("cus_a", START, "1"));

        await().until(() -> !node.views().troubles().isEmpty());
        assertThat(letters()).isEmpty();
    }

    @Test
    void aCertificateShowsAnEventThatWasSkippedOrCameLate() throws SQLException {
        poison();
        admitted();
        store.execute("UPDATE views.positions SET applied = applied - 1");
        assertThat(audit.certify(store.database(), position -> {}).get(0).findings())
                .hasSize(1)
                .element(0)
                .asString()
                .contains("1 fewer");
        store.execute("UPDATE views.positions SET applied = applied + 1, applied_hash = applied_hash # 1");
        assertThat(audit.certify(store.database(), position -> {}).get(0).findings())
                .hasSize(1);
        store.execute("UPDATE views.positions SET applied_hash = applied_hash # 1");
        assertCertified();
        store.execute("DELETE FROM views.letters WHERE cause IS NULL");
        assertThat(audit.certify(store.database(), position -> {}).get(0).findings())
                .hasSize(1)
                .element(0)
                .asString()
                .contains("parked");
    }
}

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

package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.EventCodec;
import com.customerledger.events.Handover.Decided;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.TestStore;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the write side has told, and when it is not relied on. */
class DecidedHereTest {

    private final TestStore store = new TestStore();
    private final Tail tail = new Tail(0);
    private final DecidedHere decided = new DecidedHere();
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = store.connect();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private RecordedEvent recorded(LedgerEvent event) throws SQLException {
        store.append(event);
        return tail.read(connection).get(0);
    }

    private static CustomerRecord customer(String id) {
        return CustomerRecord.of(created(id, START, "a reference"));
    }

    private static Decided told(UUID id, String payload, LedgerEvent event) {
        return new Decided(id, payload, event, customer(event.customerId()));
    }

    private static LedgerEvent moved(String city) {
        return updated("cus_a", START, CustomerField.CITY_OR_TOWN, city);
    }

    @Test
    void anEventIsToldOnceWhatIsKnownOfIt() throws Exception {
        decided.tell(List.of());
        LedgerEvent event = moved("Paarl");
        RecordedEvent recorded = recorded(event);
        decided.take(List.of(told(recorded.id(), recorded.payload(), event)));

        decided.tell(List.of(recorded));

        assertThat(recorded.event()).isSameAs(event);
        assertThat(recorded.before()).isEqualTo(customer("cus_a"));
        assertThat(recorded.apart().before()).isNull();
        assertThat(recorded.apart().event()).isEqualTo(event);
        RecordedEvent again = recorded(event);
        decided.tell(List.of(again));
        assertThat(again.before()).isNull();
    }

    @Test
    void whatIsStoredCounts() throws Exception {
        decided.tell(List.of());
        RecordedEvent recorded = recorded(moved("Paarl"));
        LedgerEvent other = moved("Ceres");
        decided.take(List.of(told(recorded.id(), EventCodec.payload(other), other)));

        decided.tell(List.of(recorded));

        assertThat(recorded.event()).isEqualTo(moved("Paarl"));
        assertThat(recorded.before()).isNull();
    }

    @Test
    void nothingIsKeptWhereNobodyFollows() throws Exception {
        LedgerEvent event = moved("Paarl");
        RecordedEvent recorded = recorded(event);
        decided.take(List.of(told(recorded.id(), recorded.payload(), event)));

        decided.tell(List.of(recorded));

        assertThat(recorded.before()).isNull();
    }

    @Test
    void theEldestMakeWay() throws Exception {
        decided.tell(List.of());
        LedgerEvent event = moved("Paarl");
        RecordedEvent first = recorded(event);
        RecordedEvent last = recorded(event);
        decided.take(List.of(told(first.id(), first.payload(), event)));
        decided.take(Stream.generate(() -> told(UUID.randomUUID(), first.payload(), event))
                .limit(2 * Tail.EVENTS_MAX - 1)
                .toList());
        decided.take(List.of(told(last.id(), last.payload(), event)));

        decided.tell(List.of(first, last));

        assertThat(first.before()).isNull();
        assertThat(last.before()).isNotNull();
    }

    @Test
    void muchTextMakesWayToo() throws Exception {
        decided.tell(List.of());
        LedgerEvent event = moved("Paarl");
        RecordedEvent first = recorded(event);
        decided.take(List.of(told(first.id(), first.payload(), event)));
        decided.take(List.of(told(UUID.randomUUID(), "x".repeat(Tail.CHARACTERS_MAX), event)));

        decided.tell(List.of(first));

        assertThat(first.before()).isNull();
    }
}

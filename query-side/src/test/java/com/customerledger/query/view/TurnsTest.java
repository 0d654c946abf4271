package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final int EVENTS = 3 * Turns.EVENTS_MIN;

    /** Before the one that stands still gives up its turn, because the database was silent for too long. */
    private static final Duration SOON = Duration.ofSeconds(QueryDatabase.QUERY_SILENCE_MAX_SECONDS / 2);

    @Test
    void thereAreSoManyAtOnce() throws InterruptedException {
        Turns turns = new Turns(2);
        assertThat(turns.take(() -> false)).isTrue();
        assertThat(turns.take(() -> false)).isTrue();

        assertThat(turns.take(() -> false)).isFalse();
        turns.giveBack();
        assertThat(turns.take(() -> false)).isTrue();
        assertThat(turns.take(() -> false)).isFalse();
    }

    @Test
    void whatIsUrgentGoesOnWithout() throws InterruptedException {
        Turns turns = new Turns(1);
        assertThat(turns.take(() -> true)).isFalse();
        assertThat(turns.take(() -> false)).isTrue();

        AtomicInteger looks = new AtomicInteger();
        assertThat(turns.take(() -> looks.incrementAndGet() == 2)).isFalse();
        assertThat(looks).hasValue(2);
    }

    @Test
    void aMachineHasAtLeastOne() throws InterruptedException {
        assertThat(Turns.ofThisMachine().take(() -> false)).isTrue();
    }

    @Test
    void aViewThatStandsStillInItsTurnKeepsNoOtherFromGoingOn() throws Exception {
        TestStore store = new TestStore();
        try (TestNode node = new TestNode(store, List.of(new Tally(), new Picky()))) {
            node.views().freshness().admit(Consistency.STRONG, List.of("tally", "picky"));
            try (Connection blocking = store.connect();
                    Statement statement = blocking.createStatement()) {
                blocking.setAutoCommit(false);
                statement.execute("LOCK TABLE views.tally_1 IN ACCESS EXCLUSIVE MODE");
                append(store, 0);
                await().until(() -> !store.query("SELECT pid FROM pg_locks WHERE NOT granted")
                        .isEmpty());
                awaitRows(store, "picky_1", EVENTS);
                append(store, EVENTS);
                awaitRows(store, "picky_1", 2 * EVENTS);
                blocking.rollback();
            }
            awaitRows(store, "tally_1", 2 * EVENTS);
        }
    }

    private static void append(TestStore store, int first) {
        store.append(IntStream.range(first, first + EVENTS)
                .mapToObj(i -> created("cus_" + i, START, "reference " + i))
                .toArray(LedgerEvent[]::new));
    }

    // Nobody asks for the view: whoever waits for one spares it the wait for its turn.
    private static void awaitRows(TestStore store, String table, int rows) {
        await().atMost(SOON)
                .until(() -> store.query("SELECT count(*) FROM views." + table).equals(List.of("" + rows)));
    }
}

package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.query.TestStore;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one view has read is there for the others, until all have it. */
class RecentEventsTest {

    private final TestStore store = new TestStore();
    private final RecentEvents recent = new RecentEvents(new Wakeups(), new DecidedHere());
    private final List<Connection> connections = new ArrayList<>();

    /** A view that follows. */
    private final class Follower {

        private final Tail tail = new Tail(0);
        private final RecentEvents.Reader reader;

        Follower() throws SQLException {
            Connection connection = store.connect();
            connection.setAutoCommit(false);
            connections.add(connection);
            reader = recent.reader(connection, tail.position());
        }

        List<RecordedEvent> read() throws SQLException, InterruptedException {
            return reader.read(tail, Tail.EVENTS_MAX);
        }
    }

    @AfterEach
    void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }

    private void append(String... ids) {
        for (String id : ids) {
            store.append(created(id, START, id));
        }
    }

    @Test
    void eventsAreKeptUntilTheSlowestHasThem() throws Exception {
        Follower quick = new Follower();
        Follower slow = new Follower();
        append("cus_a", "cus_b");
        List<RecordedEvent> first = quick.read();
        append("cus_c");
        List<RecordedEvent> second = quick.read();
        assertThat(first).hasSize(2);
        assertThat(second).hasSize(1);
        assertThat(recent.count()).isEqualTo(3);

        List<RecordedEvent> all = slow.read();

        assertThat(all).hasSize(3);
        assertThat(all.get(0)).isSameAs(first.get(0));
        assertThat(all.get(2)).isSameAs(second.get(0));
        assertThat(recent.count()).isZero();
        append("cus_d");
        RecordedEvent last = slow.read().get(0);
        assertThat(quick.read().get(0)).isSameAs(last);
        assertThat(recent.count()).isZero();
    }

    @Test
    void nothingIsKeptForWhoFollowsNoMore() throws Exception {
        Follower quick = new Follower();
        Follower gone = new Follower();
        append("cus_a");
        quick.read();
        assertThat(recent.count()).isEqualTo(1);

        gone.reader.close();
        assertThat(quick.read()).isEmpty();

        assertThat(recent.count()).isZero();
    }

    @Test
    void whoComesLateReadsForItself() throws Exception {
        Follower quick = new Follower();
        append("cus_a", "cus_b");
        RecordedEvent first = quick.read().get(0);

        Follower late = new Follower();

        assertThat(late.read()).hasSize(2).doesNotContain(first);
        assertThat(quick.read()).isEmpty();
        append("cus_c");
        assertThat(late.read()).hasSize(1).containsExactlyElementsOf(quick.read());
    }
}

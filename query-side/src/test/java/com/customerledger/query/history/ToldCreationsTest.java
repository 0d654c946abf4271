package com.customerledger.query.history;

import static com.customerledger.query.TestStore.MERCHANT;
import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.EventFeed.Place;
import com.customerledger.events.query.HistoryQueries;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.query.Corpus;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Creations, which the view of versions has no entry of, in histories and feeds. */
class ToldCreationsTest {

    private final TestStore store = new TestStore();
    private final TestNode node = new TestNode(store, views());
    private final HistoryReads history =
            new HistoryReads(node.database(), node.views().freshness());
    private final FeedReads feed = new FeedReads(
            node.database(), node.views().freshness(), node.views().news());

    @AfterEach
    void end() {
        node.close();
    }

    private static List<View> views() {
        try (var context = new AnnotationConfigApplicationContext(HistoryReadsTest.Found.class)) {
            return List.copyOf(context.getBeansOfType(View.class).values());
        }
    }

    private List<ToldEvent> first(String customer) {
        return history.history(MERCHANT, customer, HistoryQueries.BEGINNING, 1);
    }

    @Test
    void theyAreToldAsPeopleSeeThemInTheDatabase() throws Exception {
        Corpus.store(store);
        int told = 0;
        for (ToldEvent event : feed.read(MERCHANT, new Place(null, 0), 1_000).events()) {
            if (event.sequence() == 0) {
                assertThat(first(event.customerId())).containsExactly(event);
                assertThat(store.query("SELECT entry FROM views.customer_versions_entries_1 WHERE sequence = 0"
                                + " AND customer_id = '" + event.customerId() + "'"))
                        .containsExactly(event.entry());
                told++;
            }
        }

        assertThat(told).isGreaterThan(2);
    }

    @Test
    void anotherEventInTheLostOnesPlaceIsNotTold() throws Exception {
        store.append(created("cus_a", START, "ref"));
        assertThat(first("cus_a")).hasSize(1);
        try (Connection owner = store.connectAsOwner();
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
            statement.execute("UPDATE ledger.events SET aggregate_id = 'cus_theirs'");
        }

        assertThat(history.history(MERCHANT, "cus_a", -1, 10)).isEmpty();
        assertThat(history.history(MERCHANT, "cus_theirs", -1, 10)).isEmpty();
        assertThatThrownBy(() -> feed.read(MERCHANT, new Place(null, 0), 10)).isInstanceOf(UnavailableException.class);
        assertThat(history.blame(MERCHANT, "cus_a")).isEmpty();
    }
}

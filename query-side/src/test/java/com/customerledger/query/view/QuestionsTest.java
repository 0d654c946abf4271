package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.view.Freshness.Admission;
import com.customerledger.query.view.Questions.OneStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions that go to the database together with the question whether the views are fresh. */
class QuestionsTest {

    private final TestStore store = new TestStore();
    private final Picky picky = new Picky();
    private TestNode node = new TestNode(store, List.of(picky));
    private final AtomicInteger checks = new AtomicInteger();

    @AfterEach
    void end() {
        node.close();
    }

    /** How many events of that customer the view has. */
    private long ask(String customer) {
        return new Questions(node.views().freshness())
                .ask(Consistency.STRONG, List.of(Picky.NAME), new OneStatement<Long>() {
                    @Override
                    public void check(Admission admission) {
                        checks.incrementAndGet();
                    }

                    @Override
                    public String sql(Admission admission) {
                        return admission
                                .generation(Picky.NAME)
                                .sql("SELECT count(*) FROM views.picky_N WHERE customer_id = ?");
                    }

                    @Override
                    public void bind(PreparedStatement statement, int first) throws SQLException {
                        statement.setString(first, customer);
                    }

                    @Override
                    public Long read(ResultSet rows, Admission admission) throws SQLException {
                        rows.next();
                        return rows.getLong(1);
                    }
                });
    }

    @Test
    void everyAnswerHasWhatWasCommittedBeforeItsQuestion() {
        store.append(created("cus_a", START, "1"));
        assertThat(ask("cus_a")).isEqualTo(1);
        assertThat(checks).hasValue(1);

        for (int i = 2; i < 50; i++) {
            store.append(updated("cus_a", START.plusSeconds(i), CustomerField.CITY_OR_TOWN, "town " + i));
            assertThat(ask("cus_a")).isEqualTo(i);
        }
        // None of these was asked in the longer way.
        assertThat(checks).hasValue(1);
    }

    @Test
    void theGenerationThatIsLiveIsAskedWhateverWasTheLastTime() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(ask("cus_a")).isEqualTo(1);
        LedgerViewOperations operations = new LedgerViewOperations(List.of(picky));
        operations.rebuild(store.database(), Picky.NAME, null);
        operations.follow(store.database(), Picky.NAME, true, filling -> true);
        operations.swap(store.database(), Picky.NAME);
        store.execute("DELETE FROM views.picky_1");

        assertThat(ask("cus_a")).isEqualTo(1);
        assertThat(checks).hasValue(2);
        assertThat(ask("cus_a")).isEqualTo(1);
        assertThat(checks).hasValue(2);
    }

    @Test
    void whereAnEventIsParkedItIsAskedWhetherTheAnswerIsGood() {
        store.append(created("cus_a", START, "1"));
        assertThat(ask("cus_a")).isEqualTo(1);
        picky.disliked.add("cus_a 1");
        store.append(updated("cus_a", START, CustomerField.EMAIL, null));

        assertThat(ask("cus_a")).isEqualTo(1);
        assertThat(checks).hasValue(2);
    }

    @Test
    void aViewThatDoesNotComeFarEnoughIsNoAnswer() throws Exception {
        store.append(created("cus_a", START, "1"));
        assertThat(ask("cus_a")).isEqualTo(1);
        node.close();
        node = new TestNode(store, List.of(picky), TestNode.ZONE, Duration.ofMillis(300), 1);
        // Its patience is too short for its own start.
        await().ignoreExceptionsInstanceOf(UnavailableException.class)
                .untilAsserted(() -> node.views().freshness().admit(Consistency.STRONG, List.of(Picky.NAME)));
        try (var connection = store.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Whoever fills the view waits for this.
            statement.execute("LOCK TABLE views.picky_1 IN SHARE ROW EXCLUSIVE MODE");
            store.append(updated("cus_a", START, CustomerField.EMAIL, null));

            assertThatThrownBy(() -> ask("cus_a"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("has not come far enough in time");
            connection.rollback();
        }
    }
}

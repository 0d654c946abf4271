package com.customerledger.query.history;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.HistoryQueries;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.query.customers.Creation;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness;
import com.customerledger.query.view.Freshness.Admission;
import com.customerledger.query.view.ParkedCustomers;
import com.customerledger.query.view.Questions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Answers who changed what from the entries of the view of versions. Thread-safe. */
public final class HistoryReads implements HistoryQueries {

    private static final int BLAME_EVENTS_PER_READ = 100;

    // The customer's first event says whose it is, so that a customer of another merchant costs what none costs.
    private static final String EVENTS = "SELECT " + ToldEvents.COLUMNS + """

              FROM views.customer_versions_events_N AS entry
              JOIN seal.leaves AS leaf ON leaf.position = entry.position
             WHERE entry.created_at = (SELECT created_at
                                         FROM views.customer_versions_events_N
                                        WHERE created_at = CREATED
                                          AND customer_id = ? AND sequence = 0 AND merchant_id = ?)
               AND entry.customer_id = ?
            """.replace("CREATED", Creation.timeOf("?"));

    static final String ONWARDS = EVENTS + "   AND entry.sequence > ? ORDER BY entry.sequence LIMIT ?";

    static final String BACKWARDS = EVENTS + "   AND entry.sequence < ? ORDER BY entry.sequence DESC LIMIT ?";

    private final QueryDatabase database;
    private final Questions questions;

    public HistoryReads(QueryDatabase database, Freshness freshness) {
        this.database = database;
        this.questions = new Questions(freshness);
    }

    @Override
    public List<ToldEvent> history(String merchantId, String customerId, int after, int limit) {
        return questions.ask(
                Consistency.STRONG,
                ToldEvents.VIEWS,
                new ToldEvents.Statement(ONWARDS, customerId, customerId, merchantId, customerId, after, limit) {
                    @Override
                    public void check(Admission admission) throws SQLException {
                        ParkedCustomers.check(database, admission, merchantId, customerId);
                    }
                });
    }

    @Override
    public Map<CustomerField, Setting> blame(String merchantId, String customerId) {
        return questions.ask(Consistency.STRONG, ToldEvents.VIEWS, admission -> {
            Blame blame = new Blame();
            int before = Integer.MAX_VALUE;
            while (true) {
                List<ToldEvent> events =
                        read(admission, BACKWARDS, merchantId, customerId, before, BLAME_EVENTS_PER_READ);
                for (ToldEvent event : events) {
                    blame.add(event);
                    before = event.sequence();
                }
                if (blame.isDone() || events.size() < BLAME_EVENTS_PER_READ) {
                    return blame.settings();
                }
            }
        });
    }

    private List<ToldEvent> read(
            Admission admission, String sql, String merchantId, String customerId, int sequence, int limit)
            throws SQLException {
        ParkedCustomers.check(database, admission, merchantId, customerId);
        return ToldEvents.read(
                database, admission, sql, customerId, customerId, merchantId, customerId, sequence, limit);
    }
}

package com.customerledger.query.statistics;

import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.CustomerCounts;
import com.customerledger.events.query.CustomerCounts.Count;
import com.customerledger.events.query.StatisticsQueries;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness;
import com.customerledger.query.view.ParkedCustomers;
import com.customerledger.query.view.Questions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers how many customers there are. Thread-safe. */
public final class StatisticsReads implements StatisticsQueries {

    private static final String COUNT = """
            SELECT day, status, customers
              FROM views.customer_statistics_N
             WHERE merchant_id = ?
               AND day >= coalesce(?::date, '-infinity')
               AND day < coalesce(?::date, 'infinity')
               AND customers > 0
             ORDER BY day DESC, status DESC
            """;

    private final QueryDatabase database;
    private final Questions questions;

    public StatisticsReads(QueryDatabase database, Freshness freshness) {
        this.database = database;
        this.questions = new Questions(freshness);
    }

    @Override
    public CustomerCounts count(
            String merchantId, @Nullable LocalDate start, @Nullable LocalDate end, Consistency consistency) {
        return questions.ask(consistency, List.of(CustomerStatistics.NAME), admission -> {
            String sql = admission.generation(CustomerStatistics.NAME).sql(COUNT);
            try (Connection connection = database.query();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, merchantId);
                statement.setString(2, start == null ? null : start.toString());
                statement.setString(3, end == null ? null : end.toString());
                int parked = ParkedCustomers.count(database, admission, merchantId);
                return new CustomerCounts(counts(statement), admission.lagMillis(), parked);
            }
        });
    }

    private static List<Count> counts(PreparedStatement statement) throws SQLException {
        List<Count> counts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.add(new Count(
                        rows.getObject(1, LocalDate.class), Lookup.valueOf(rows.getString(2)), rows.getLong(3)));
            }
        }
        return counts;
    }
}

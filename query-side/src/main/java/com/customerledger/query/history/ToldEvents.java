package com.customerledger.query.history;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.query.customers.CustomerVersions;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness.Admission;
import com.customerledger.query.view.Questions.OneStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads told events: the entries of one view with the numbers that the seal gave. */
final class ToldEvents {

    /** The view of the seal, which numbers the events. */
    private static final String SEAL = "seal";

    /** Every view that knows of an event what is told. */
    static final List<String> VIEWS = List.of(CustomerVersions.NAME, SEAL);

    private ToldEvents() {}

    /** A question for told events: a statement that gives number, customer_id, sequence, key_id and entry. */
    abstract static class Statement implements OneStatement<List<ToldEvent>> {

        private final String sql;
        private final Object[] parameters;

        Statement(String sql, Object... parameters) {
            this.sql = sql;
            this.parameters = parameters;
        }

        @Override
        public String sql(Admission admission) {
            return admission.generation(CustomerVersions.NAME).sql(sql);
        }

        @Override
        public void bind(PreparedStatement statement, int first) throws SQLException {
            ToldEvents.bind(statement, first, parameters);
        }

        @Override
        public List<ToldEvent> read(ResultSet rows, Admission admission) throws SQLException {
            return events(rows);
        }
    }

    /**
     * The rows of a statement.
     *
     * @param sql gives number, customer_id, sequence, key_id and entry
     */
    static List<ToldEvent> read(QueryDatabase database, Admission admission, String sql, Object... parameters)
            throws SQLException {
        String statement = admission.generation(CustomerVersions.NAME).sql(sql);
        try (Connection connection = database.query();
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            bind(prepared, 1, parameters);
            try (ResultSet rows = prepared.executeQuery()) {
                return events(rows);
            }
        }
    }

    private static void bind(PreparedStatement statement, int first, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(first + i, parameters[i]);
        }
    }

    private static List<ToldEvent> events(ResultSet rows) throws SQLException {
        List<ToldEvent> events = new ArrayList<>();
        while (rows.next()) {
            String entry = rows.getString(5);
            if (entry == null) {
                throw new UnavailableException("an event that a view has is not in the ledger any more", null);
            }
            events.add(new ToldEvent(rows.getLong(1), rows.getString(2), rows.getInt(3), rows.getString(4), entry));
        }
        return events;
    }
}

package com.customerledger.query.history;

import com.customerledger.events.EventMetadata;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.query.customers.Creation;
import com.customerledger.query.customers.CustomerVersions;
import com.customerledger.query.customers.EntryText;
import com.customerledger.query.customers.TypeCode;
import com.customerledger.query.database.Parameters;
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

    /** What a statement gives of each event, of rows that it calls entry and leaf. */
    static final String COLUMNS =
            "leaf.number, entry.customer_id, entry.sequence, entry.key_id, entry.told, entry.rank, entry.version, entry.type"
                    + first(Creation.of("entry")) + first(Creation.causeOf("entry"));

    private static String first(String sql) {
        return ",\n       CASE WHEN entry.sequence = 0 THEN " + sql + " END";
    }

    /** A question for told events: a statement that gives the {@link #COLUMNS}. */
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
            Parameters.set(statement, first, parameters);
        }

        @Override
        public List<ToldEvent> read(ResultSet rows, Admission admission) throws SQLException {
            return events(rows, admission);
        }
    }

    /**
     * The rows of a statement.
     *
     * @param sql gives the {@link #COLUMNS}
     */
    static List<ToldEvent> read(QueryDatabase database, Admission admission, String sql, Object... parameters)
            throws SQLException {
        String statement = admission.generation(CustomerVersions.NAME).sql(sql);
        try (Connection connection = database.query();
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            Parameters.set(prepared, 1, parameters);
            try (ResultSet rows = prepared.executeQuery()) {
                return events(rows, admission);
            }
        }
    }

    private static List<ToldEvent> events(ResultSet rows, Admission admission) throws SQLException {
        CustomerJson json =
                new CustomerJson(admission.generation(CustomerVersions.NAME).zone());
        List<ToldEvent> events = new ArrayList<>();
        while (rows.next()) {
            String customerId = rows.getString(2);
            int sequence = rows.getInt(3);
            String key;
            String entry;
            if (sequence > 0) {
                key = rows.getString(4);
                entry = EntryText.of(rows.getInt(7), TypeCode.type(rows.getShort(8)), rows.getString(5));
            } else {
                EventMetadata cause = Creation.cause(rows.getString(10));
                key = cause.key();
                entry = Creation.entry(rows.getString(9), cause, customerId, rows.getLong(6), json);
            }
            events.add(new ToldEvent(rows.getLong(1), customerId, sequence, key, entry));
        }
        return events;
    }
}

package com.customerledger.query.history;

import com.customerledger.events.query.ToldEvent;
import com.customerledger.query.customers.CustomerVersions;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness.Admission;
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

    /**
     * The rows of a statement.
     *
     * @param sql gives number, customer_id, sequence, key_id and entry
     */
    static List<ToldEvent> read(QueryDatabase database, Admission admission, String sql, Object... parameters)
            throws SQLException {
        String statement = admission.generation(CustomerVersions.NAME).sql(sql);
        List<ToldEvent> events = new ArrayList<>();
        try (Connection connection = database.query();
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) {
                prepared.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = prepared.executeQuery()) {
                while (rows.next()) {
                    events.add(new ToldEvent(
                            rows.getLong(1), rows.getString(2), rows.getInt(3), rows.getString(4), rows.getString(5)));
                }
            }
        }
        return events;
    }
}

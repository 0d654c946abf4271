package com.customerledger.query.view;

import com.customerledger.events.UnavailableException;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness.Admission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Tells readers of the customers whose events a view has parked, so that no old state passes for the newest. Thread-safe. */
public final class ParkedCustomers {

    private static final String COUNT = """
            SELECT count(DISTINCT customer_id)
              FROM views.letters
             WHERE generation_id = ANY (?) AND merchant_id = ? AND discarded_at IS NULL
            """;

    private static final String FIND = """
            SELECT EXISTS (
                   SELECT FROM views.letters
                    WHERE generation_id = ANY (?) AND merchant_id = ? AND customer_id = ? AND discarded_at IS NULL)
            """;

    private ParkedCustomers() {}

    /** How many customers of a merchant are not as they should be in the views that were admitted to. */
    public static int count(QueryDatabase database, Admission admission, String merchantId) throws SQLException {
        if (!admission.hasParked()) {
            return 0;
        }
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(COUNT)) {
            statement.setArray(1, connection.createArrayOf("int4", admission.generationIds()));
            statement.setString(2, merchantId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /**
     * Lets a read of one customer go on.
     *
     * @throws UnavailableException when that merchant's customer is not as it should be in those views
     */
    public static void check(QueryDatabase database, Admission admission, String merchantId, String customerId)
            throws SQLException {
        if (!admission.hasParked()) {
            return;
        }
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(1, connection.createArrayOf("int4", admission.generationIds()));
            statement.setString(2, merchantId);
            statement.setString(3, customerId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new UnavailableException("an event of the customer is parked", null);
                }
            }
        }
    }
}

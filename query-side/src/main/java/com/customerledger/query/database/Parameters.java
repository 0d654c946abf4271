package com.customerledger.query.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sets the parameters of statements. */
public final class Parameters {

    private Parameters() {}

    /**
     * Sets values one after the other, an array as PostgreSQL's array.
     *
     * @param first the number of the parameter that the first value is for
     */
    public static void set(PreparedStatement statement, int first, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(first + i, values[i]);
        }
    }
}

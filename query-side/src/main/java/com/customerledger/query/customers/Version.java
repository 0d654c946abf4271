package com.customerledger.query.customers;

import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.database.BinaryRows;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A version of a customer as a row of {@link CustomerVersions} has it: what was changed since the {@link Creation}, which
 * is asked for in the ledger. The first version has nothing of its own.
 */
final class Version {

    private Version() {}

    /**
     * SQL for what {@link #read} needs of a row.
     *
     * @param row a name of the row in the statement
     */
    static String columns(String row) {
        return "ROW.customer_id, ROW.version, ROW.rank, ROW.valid_from, ROW.changed, ".replace("ROW", row)
                + Creation.of(row);
    }

    /**
     * The customer of a row.
     *
     * @param first the number of the first of the {@link #columns}
     * @throws com.customerledger.events.UnavailableException where the ledger has no creation, see {@link Creation}
     */
    static CustomerRecord read(ResultSet row, int first, CustomerJson json) throws SQLException {
        return customer(
                row.getString(first),
                row.getInt(first + 1),
                row.getLong(first + 2),
                row.getObject(first + 3, OffsetDateTime.class).toInstant(),
                row.getString(first + 4),
                row.getString(first + 5),
                json);
    }

    /** The customer of a row that is copied and stands at the first of the {@link #columns}; else the same. */
    static CustomerRecord read(ByteBuffer row, CustomerJson json) {
        return customer(
                BinaryRows.text(row),
                BinaryRows.integer(row),
                BinaryRows.bigint(row),
                BinaryRows.timestamptz(row),
                BinaryRows.nullableText(row),
                BinaryRows.nullableText(row),
                json);
    }

    private static CustomerRecord customer(
            String customerId,
            int version,
            long rank,
            Instant validFrom,
            @Nullable String changed,
            @Nullable String creation,
            CustomerJson json) {
        CustomerRecord created = Creation.customer(creation, customerId, rank);
        return changed == null ? created : json.later(created, version, validFrom, changed);
    }
}

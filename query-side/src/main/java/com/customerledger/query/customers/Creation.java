package com.customerledger.query.customers;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.EventCodec;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The first version of a customer as {@link CustomerVersions} has it: not at all, for the ledger has its event. The row's
 * position says which.
 */
final class Creation {

    private static final String TYPE = "CustomerCreated";

    private static final String SQL = """
            (SELECT revision || payload
               FROM ledger.events AS created
              WHERE created.position = ROW.position AND created.aggregate_id = ROW.customer_id AND ROW.record IS NULL)""";

    private Creation() {}

    /**
     * SQL for what {@link #customer} reads; null where a row has a record.
     *
     * @param row a name of the row in the statement
     */
    static String of(String row) {
        return SQL.replace("ROW", row);
    }

    /**
     * The customer that was created.
     *
     * @param creation null where another event has the place that this one had: the store lost events, and the view, which
     *     still has them, is about to be made anew
     */
    static CustomerRecord customer(@Nullable String creation, String customerId, long rank) {
        if (creation == null) {
            throw new UnavailableException("an event that a view has is not in the ledger any more", null);
        }
        int payload = creation.indexOf('{');
        int revision = Integer.parseInt(creation, 0, payload, 10);
        return CustomerRecord.of((CustomerCreated)
                EventCodec.event(TYPE, revision, customerId, Rank.createdAt(rank), creation.substring(payload)));
    }
}

package com.customerledger.query.customers;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.EventCodec;
import com.customerledger.events.EventMetadata;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldValues;
import org.jspecify.annotations.Nullable;

/** The first event of a customer as {@link CustomerVersions} has it: not at all, for the ledger has it. */
public final class Creation {

    private static final String TYPE = "CustomerCreated";

    // By the customer and not by the position: all of its versions need it, and after a loss of events another one may
    // have the position.
    private static final String SQL = """
            (SELECT WHAT
               FROM ledger.events AS created
              WHERE created.aggregate_id = CUSTOMER AND created.sequence = 0)""";

    private Creation() {}

    /**
     * SQL for the event: its revision and its payload as one text.
     *
     * @param row a name of a row of that customer in the statement
     */
    public static String of(String row) {
        return sql("revision || payload", row + ".customer_id");
    }

    /**
     * SQL for when it happened: {@code created_at} of every row of that customer, in {@link CustomerList} as here.
     *
     * @param customerId SQL for the customer's id
     */
    public static String timeOf(String customerId) {
        return sql("occurred_at", customerId);
    }

    /** SQL for what caused it. */
    public static String causeOf(String row) {
        return sql("metadata", row + ".customer_id");
    }

    private static String sql(String what, String customerId) {
        return SQL.replace("WHAT", what).replace("CUSTOMER", customerId);
    }

    /** The customer that was created. */
    static CustomerRecord customer(@Nullable String creation, String customerId, long rank) {
        return CustomerRecord.of(event(creation, customerId, rank));
    }

    /**
     * What caused it.
     *
     * @param cause what the SQL {@link #causeOf} gives
     * @throws UnavailableException where there is none, see {@link #lost}
     */
    public static EventMetadata cause(@Nullable String cause) {
        if (cause == null) {
            throw lost();
        }
        return EventCodec.metadata(cause);
    }

    /**
     * What is told of it, as of every other event.
     *
     * @param creation what the SQL {@link #of} gives
     * @throws UnavailableException where there is none, see {@link #lost}
     */
    public static String entry(
            @Nullable String creation, EventMetadata cause, String customerId, long rank, CustomerJson json) {
        CustomerCreated event = event(creation, customerId, rank);
        return EntryText.of(FieldValues.none(), CustomerRecord.of(event), event, cause, json);
    }

    private static CustomerCreated event(@Nullable String creation, String customerId, long rank) {
        if (creation == null) {
            throw lost();
        }
        int payload = creation.indexOf('{');
        int revision = Integer.parseInt(creation, 0, payload, 10);
        return (CustomerCreated)
                EventCodec.event(TYPE, revision, customerId, Rank.createdAt(rank), creation.substring(payload));
    }

    /** The store lost events, and the view, which still has them, is about to be made anew. */
    private static UnavailableException lost() {
        return new UnavailableException("an event that a view has is not in the ledger any more", null);
    }
}

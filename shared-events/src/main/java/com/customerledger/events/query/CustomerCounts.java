package com.customerledger.events.query;

import com.customerledger.events.customer.Lookup;
import java.time.LocalDate;
import java.util.List;

/**
 * How many customers a merchant has.
 *
 * @param counts the newest day first, none that is zero
 * @param lagMillis how far the view is behind the newest event, in milliseconds; 0 when it has them all
 * @param parkedCustomers how many customers may be counted where they no longer are, because an event of theirs is parked
 */
public record CustomerCounts(List<Count> counts, long lagMillis, int parkedCustomers) {

    public CustomerCounts {
        counts = List.copyOf(counts);
    }

    /**
     * How many customers that were created on a day have a status now.
     *
     * @param day of their creation, in the ledger's zone
     * @param status of type {@code customer_status}
     */
    public record Count(LocalDate day, Lookup status, long customers) {}
}

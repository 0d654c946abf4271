package com.customerledger.events.query;

import com.customerledger.events.customer.Lookup;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * List a merchant's customers, the newest first, ties by id.
 *
 * @param merchantId whose
 * @param key the public part of the API key, for the limit of whole lists running at once
 * @param status only customers of that status, or null for all
 * @param dateStart only those created at or after that day's midnight in the ledger's zone, or null
 * @param dateEnd only those created before that day's midnight, or null
 * @param asOf the moment to tell of, in whole microseconds; what happened in that microsecond is included; null for now. Filters
 *     then mean the customers as they were
 * @param page the part of the list that is asked for, or null for the whole
 * @param withVersions whether records have the member {@code version}
 */
public record ListCustomers(
        String merchantId,
        String key,
        @Nullable Lookup status,
        @Nullable LocalDate dateStart,
        @Nullable LocalDate dateEnd,
        @Nullable Instant asOf,
        @Nullable Page page,
        boolean withVersions,
        Consistency consistency) {

    /**
     * A part of a list.
     *
     * @param limit how many records at most, from 1 to 1,000
     * @param after the place behind which it begins, or null for the list's beginning
     */
    public record Page(int limit, @Nullable Place after) {}

    /**
     * A place in the list: that of a customer that is or was there.
     *
     * @param createdAtMicros when that customer was created, in microseconds since 1970
     * @param id its id
     */
    public record Place(long createdAtMicros, String id) {}
}

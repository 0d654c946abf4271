package com.customerledger.query.customers;

import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.query.view.Generation;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a list as ranks, and the SQL that walks between them. A list of every status is the merge of the lists
 * of each status, all of them walks along the same index: PostgreSQL merges them as they come, and sorts nothing.
 *
 * @param merchantId whose customers
 * @param status of which status, or null for every one
 * @param asOf as they were at which moment, or null for now
 * @param rank where the list begins
 * @param id behind which id of that rank it begins
 * @param lastRank where it ends, this rank included
 */
record ListSql(
        String merchantId,
        @Nullable Lookup status,
        @Nullable Instant asOf,
        long rank,
        String id,
        long lastRank) {

    // In an order of its own, or the planner sees no order in it to merge by, and sorts.
    private static final String BRANCH = """
            (SELECT rank, customer_id, version, record
               FROM views.%s_N
              WHERE merchant_id = %s AND status = %d AND (rank, customer_id) > (%s, %s) AND rank <= %s%s
              ORDER BY rank, customer_id)
            """;

    private static final String VALID = " AND valid_from <= %1$s AND valid_to > %1$s";

    static ListSql of(ListCustomers query, ZoneId zone) {
        // Created before the end's midnight: the first rank that is greater than the midnight's own.
        long rank = query.dateEnd() == null ? Long.MIN_VALUE : midnight(query.dateEnd(), zone) + 1;
        if (query.asOf() != null) {
            // Who was created later is passed over by its place in the index.
            rank = Math.max(rank, Rank.of(query.asOf()));
        }
        String id = "";
        ListCustomers.Page page = query.page();
        if (page != null && page.after() != null) {
            long after = Rank.ofMicros(page.after().createdAtMicros());
            if (after >= rank) {
                rank = after;
                id = page.after().id();
            }
        }
        long last = query.dateStart() == null ? Long.MAX_VALUE : midnight(query.dateStart(), zone);
        return new ListSql(query.merchantId(), query.status(), query.asOf(), rank, id, last);
    }

    private static long midnight(LocalDate date, ZoneId zone) {
        Instant midnight = date.atStartOfDay(zone).toInstant();
        return Rank.of(midnight);
    }

    /** The name of the view that has the list. */
    String view() {
        return asOf == null ? CustomerList.NAME : CustomerVersions.NAME;
    }

    /** The list with parameters, for {@link #bind}. */
    String page(Generation generation) {
        return select("rank, customer_id, version, record", generation, "?", "?", "?", "?", "?") + " LIMIT ?";
    }

    /** Sets the parameters of {@link #page}, the first of which has that number. */
    void bind(PreparedStatement statement, int first, int limit) throws SQLException {
        int parameter = first;
        for (int branch = 0; branch < statuses().length; branch++) {
            statement.setString(parameter++, merchantId);
            statement.setLong(parameter++, rank);
            statement.setString(parameter++, id);
            statement.setLong(parameter++, lastRank);
            if (asOf != null) {
                OffsetDateTime at = asOf.atOffset(ZoneOffset.UTC);
                statement.setObject(parameter++, at);
                statement.setObject(parameter++, at);
            }
        }
        statement.setInt(parameter, limit);
    }

    /**
     * The whole list, every bound written out.
     *
     * @param quotedMerchant the merchant's id as a literal
     */
    String whole(Generation generation, boolean withVersions, String quotedMerchant, String quotedId) {
        return select(
                withVersions ? "record, version" : "record",
                generation,
                quotedMerchant,
                literal(rank),
                quotedId,
                literal(lastRank),
                literal(asOf));
    }

    private String select(
            String columns,
            Generation generation,
            String merchant,
            String from,
            String after,
            String to,
            String moment) {
        String valid = asOf == null ? "" : VALID.formatted(moment);
        List<String> branches = new ArrayList<>();
        for (short code : statuses()) {
            branches.add(BRANCH.formatted(view(), merchant, code, from, after, to, valid));
        }
        return generation.sql("SELECT " + columns + " FROM (" + String.join("UNION ALL ", branches)
                + ") AS customers ORDER BY rank, customer_id");
    }

    private short[] statuses() {
        return status == null ? StatusCode.all() : new short[] {StatusCode.of(status)};
    }

    private static String literal(@Nullable Instant moment) {
        // No event is older, and PostgreSQL has no year 0.
        return "'" + (moment == null || moment.isBefore(Instant.EPOCH) ? Instant.EPOCH : moment) + "'::timestamptz";
    }

    private static String literal(long value) {
        // Quoted, because the smallest number can't be written as a negated one.
        return "'" + value + "'::bigint";
    }
}

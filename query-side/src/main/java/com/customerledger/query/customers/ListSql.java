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

    // The index of versions has a hash of the merchant's id, see CustomerVersions.
    private static final String MERCHANT = "hashtext(merchant_id) = hashtext(%1$s) AND merchant_id = %1$s";

    // In an order of its own, or the planner sees no order in it to merge by, and sorts.
    private static final String BRANCH = """
            (SELECT rank, customer_id, version, record
               FROM views.customer_list_N
              WHERE merchant_id = %s AND status = %d AND (rank, customer_id) > (%s, %s) AND rank <= %s
              ORDER BY rank, customer_id)
            """;

    private static final String LIST = "SELECT %s FROM (%s) AS customers ORDER BY rank, customer_id";

    private static final String BRANCH_AS_OF = """
            (SELECT rank, customer_id, sequence, version, valid_from, changed
               FROM views.customer_versions_events_N
              WHERE MERCHANT AND status = %2$d AND (rank, customer_id) > (%3$s, %4$s) AND rank <= %5$s
                AND valid_from <= %6$s AND (changed IS NOT NULL OR sequence = 0)
              ORDER BY rank, customer_id, sequence DESC)
            """.replace("MERCHANT", MERCHANT);

    // Of a customer's versions until the moment the newest comes first.
    private static final String LIST_AS_OF = """
            SELECT %s
              FROM (SELECT DISTINCT ON (rank, customer_id) *
                      FROM (%s) AS versions
                     ORDER BY rank, customer_id, sequence DESC) AS customer
             WHERE true%s
             ORDER BY rank, customer_id""";

    // Where not all statuses are merged, a later version of another one is asked for, along the same index. By a value
    // and not by NOT EXISTS: the planner would join, and read all versions of that status for each row.
    private static final String NO_LATER = """

               AND (SELECT true
                      FROM views.customer_versions_events_N
                     WHERE MERCHANT AND status = %2$d AND rank = customer.rank
                       AND customer_id = customer.customer_id AND sequence > customer.sequence AND valid_from <= %3$s
                       AND (changed IS NOT NULL OR sequence = 0)
                     LIMIT 1) IS NULL""".replace("MERCHANT", MERCHANT);

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

    /**
     * The list with parameters, for {@link #bind}: rank, customer_id, version and record, and of a list of a moment the
     * columns of {@link Version}.
     */
    String page(Generation generation) {
        String columns = asOf == null ? "rank, customer_id, version, record" : Version.columns("customer");
        return select(columns, generation, "?", "?", "?", "?", "?") + " LIMIT ?";
    }

    /** Sets the parameters of {@link #page}, the first of which has that number. */
    void bind(PreparedStatement statement, int first, int limit) throws SQLException {
        OffsetDateTime at = asOf == null ? null : asOf.atOffset(ZoneOffset.UTC);
        int parameter = first;
        for (int branch = 0; branch < statuses().length; branch++) {
            statement.setString(parameter++, merchantId);
            if (at != null) {
                statement.setString(parameter++, merchantId);
            }
            statement.setLong(parameter++, rank);
            statement.setString(parameter++, id);
            statement.setLong(parameter++, lastRank);
            if (at != null) {
                statement.setObject(parameter++, at);
            }
        }
        if (at != null) {
            for (int other = 0; other < others().length; other++) {
                statement.setString(parameter++, merchantId);
                statement.setString(parameter++, merchantId);
                statement.setObject(parameter++, at);
            }
        }
        statement.setInt(parameter, limit);
    }

    /**
     * The whole list, every bound written out, as {@link WholeList} reads it.
     *
     * @param quotedMerchant the merchant's id as a literal
     */
    String whole(Generation generation, boolean withVersions, String quotedMerchant, String quotedId) {
        String ready = withVersions ? "record, version" : "record";
        return select(
                asOf == null ? ready : Version.columns("customer"),
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
        List<String> branches = new ArrayList<>();
        for (short code : statuses()) {
            branches.add(
                    asOf == null
                            ? BRANCH.formatted(merchant, code, from, after, to)
                            : BRANCH_AS_OF.formatted(merchant, code, from, after, to, moment));
        }
        String merged = String.join("UNION ALL ", branches);
        if (asOf == null) {
            return generation.sql(LIST.formatted(columns, merged));
        }
        StringBuilder noLater = new StringBuilder();
        for (short other : others()) {
            noLater.append(NO_LATER.formatted(merchant, other, moment));
        }
        return generation.sql(LIST_AS_OF.formatted(columns, merged, noLater));
    }

    /** The statuses that are not listed. */
    private short[] others() {
        short[] others = new short[StatusCode.all().length - statuses().length];
        int count = 0;
        for (short code : StatusCode.all()) {
            if (status != null && code != StatusCode.of(status)) {
                others[count++] = code;
            }
        }
        return others;
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

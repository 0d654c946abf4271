package com.customerledger.command.customer;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which customer of a merchant a reference is taken by, in the transaction of the events. A claim that another
 * transaction has just made or given up is waited for.
 */
final class ReferenceClaims {

    // Both in the order of the references, so that batches with the same ones queue up instead of locking each other
    // out.
    private static final String GIVE_UP = """
            WITH held AS MATERIALIZED (
                SELECT ctid
                  FROM ledger.reference_claims
                 WHERE merchant_id = ? AND reference = ANY (?)
                 ORDER BY reference
                   FOR UPDATE)
            DELETE FROM ledger.reference_claims
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM held))
            """;

    private static final String TAKE = """
            INSERT INTO ledger.reference_claims (merchant_id, reference, customer_id)
            SELECT ?, claim.reference, claim.customer_id
              FROM unnest(?::text[], ?::text[]) AS claim(reference, customer_id)
             ORDER BY claim.reference COLLATE "C"
                ON CONFLICT DO NOTHING
            RETURNING reference
            """;

    private final JdbcTemplate jdbc;

    ReferenceClaims(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives up references that the merchant's customers hold. */
    void giveUp(String merchantId, Collection<String> references) {
        if (!references.isEmpty()) {
            jdbc.update(GIVE_UP, merchantId, references.toArray(new String[0]));
        }
    }

    /**
     * Takes references.
     *
     * @param claims the customers' ids by the references they take
     * @return those references that are taken already
     */
    Set<String> take(String merchantId, Map<String, String> claims) {
        if (claims.isEmpty()) {
            return Set.of();
        }
        SortedMap<String, String> ordered = new TreeMap<>(claims);
        List<String> taken = jdbc.queryForList(
                TAKE,
                String.class,
                merchantId,
                ordered.keySet().toArray(new String[0]),
                ordered.values().toArray(new String[0]));
        Set<String> refused = new HashSet<>(ordered.keySet());
        taken.forEach(refused::remove);
        return refused;
    }
}

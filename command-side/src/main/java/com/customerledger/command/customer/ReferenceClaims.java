package com.customerledger.command.customer;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.dao.OptimisticLockingFailureException;
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
                SELECT claim.ctid
                  FROM ledger.reference_claims AS claim
                  JOIN unnest(?::text[], ?::text[]) AS given(reference, customer_id)
                    ON given.reference = claim.reference AND given.customer_id = claim.customer_id
                 WHERE claim.merchant_id = ?
                 ORDER BY claim.reference
                   FOR UPDATE OF claim)
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

    /**
     * Gives up references that the merchant's customers hold.
     *
     * @param claims the customers' ids by the references they give up
     * @throws OptimisticLockingFailureException when one of them does not hold its reference any more: another node has
     *     changed it since it was loaded, and what would be refused for its sake may be right now
     */
    void giveUp(String merchantId, Map<String, String> claims) {
        if (claims.isEmpty()) {
            return;
        }
        int givenUp = jdbc.update(
                GIVE_UP, claims.keySet().toArray(new String[0]), claims.values().toArray(new String[0]), merchantId);
        if (givenUp < claims.size()) {
            throw new OptimisticLockingFailureException("a customer was changed while a batch was decided");
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

package com.customerledger.command.customer;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;

/** Which customer of a merchant a payment was started for, in the transaction of the events. */
final class PaymentClaims {

    private static final String TAKE = """
            INSERT INTO ledger.payment_claims (merchant_id, payment_id, customer_id)
            SELECT ?, claim.payment_id, claim.customer_id
              FROM unnest(?::text[], ?::text[]) AS claim(payment_id, customer_id)
             ORDER BY claim.payment_id COLLATE "C"
                ON CONFLICT DO NOTHING
            """;

    private static final String FIND = """
            SELECT payment_id, customer_id
              FROM ledger.payment_claims
             WHERE merchant_id = ? AND payment_id = ANY (?)
            """;

    private final JdbcTemplate jdbc;

    PaymentClaims(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes payments for customers where they are not taken yet.
     *
     * @param claims the customers' ids by the payments' ids
     * @return by the payments' ids, the customers that they are taken for now
     */
    Map<String, String> take(String merchantId, Map<String, String> claims) {
        if (claims.isEmpty()) {
            return Map.of();
        }
        Map<String, String> ordered = new TreeMap<>(claims);
        int taken = jdbc.update(
                TAKE,
                merchantId,
                ordered.keySet().toArray(new String[0]),
                ordered.values().toArray(new String[0]));
        return taken == ordered.size() ? ordered : find(merchantId, ordered.keySet());
    }

    /** By the ids of those payments that were ever started, the customers that they were started for. */
    Map<String, String> find(String merchantId, Collection<String> paymentIds) {
        Map<String, String> found = new HashMap<>();
        if (!paymentIds.isEmpty()) {
            jdbc.query(
                    FIND,
                    row -> {
                        found.put(row.getString(1), row.getString(2));
                    },
                    merchantId,
                    paymentIds.toArray(new String[0]));
        }
        return found;
    }
}

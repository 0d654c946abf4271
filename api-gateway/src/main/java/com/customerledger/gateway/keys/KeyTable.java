package com.customerledger.gateway.keys;

import com.customerledger.events.Ids;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements about merchants and their keys. */
final class KeyTable {

    private KeyTable() {}

    /** A key and what proves its possession. The array is shared, not copied: nobody changes it. */
    static final class StoredKey {

        private final ApiKey key;
        private final byte[] secretSha256;
        private final boolean usable;

        StoredKey(ApiKey key, byte[] secretSha256, boolean usable) {
            this.key = key;
            this.secretSha256 = secretSha256;
            this.usable = usable;
        }

        ApiKey key() {
            return key;
        }

        byte[] secretSha256() {
            return secretSha256;
        }

        /** Whether there is such a key and it is not disabled. */
        boolean usable() {
            return usable;
        }
    }

    /**
     * What is stored under that key. Where there is nothing the answer is a row all the same, of a key that is of no use, so
     * that neither the database nor its driver takes longer for a key that exists.
     */
    static StoredKey find(JdbcClient client, String key) {
        return client.sql("""
                        SELECT api_key, merchant_id, name, kind, rate_per_second, secret_sha256,
                               disabled_at IS NULL AS usable
                        FROM gateway.api_keys
                        WHERE api_key = ?
                        UNION ALL
                        SELECT 'key_---------------------', 'mer_---------------------', 'none', 'read-only', NULL,
                               decode(repeat('00', 32), 'hex'), false
                        LIMIT 1
                        """)
                .param(key)
                .query((row, number) -> new StoredKey(
                        new ApiKey(
                                row.getString("api_key"),
                                row.getString("merchant_id"),
                                row.getString("name"),
                                Kind.of(row.getString("kind")),
                                rate(row)),
                        row.getBytes("secret_sha256"),
                        row.getBoolean("usable")))
                .single();
    }

    /** The id of the merchant of that name, which is made where there is none. */
    static String merchant(JdbcClient client, String name) {
        // A merchant that is being made at the same time is waited for, and then seen by the second statement.
        client.sql("INSERT INTO gateway.merchants (merchant_id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
                .params(Ids.merchant(), name)
                .update();
        return client.sql("SELECT merchant_id FROM gateway.merchants WHERE name = ?")
                .param(name)
                .query(String.class)
                .single();
    }

    /** The id of the merchant of that name, else of that id. */
    static Optional<String> merchantId(JdbcClient client, String nameOrId) {
        return client.sql("""
                        SELECT merchant_id
                        FROM gateway.merchants
                        WHERE name = :given OR merchant_id = :given
                        ORDER BY name = :given DESC
                        LIMIT 1
                        """).param("given", nameOrId).query(String.class).optional();
    }

    static void insert(
            JdbcClient client,
            Credentials credentials,
            String merchantId,
            String name,
            Kind kind,
            @Nullable Integer ratePerSecond) {
        client.sql("""
                        INSERT INTO gateway.api_keys
                            (api_key, merchant_id, name, kind, rate_per_second, secret_sha256)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)
                .param(credentials.key())
                .param(merchantId)
                .param(name)
                .param(kind.text())
                .param(ratePerSecond)
                .param(Credentials.sha256(credentials.secret()))
                .update();
    }

    static List<ListedKey> list(JdbcClient client) {
        return client.sql("""
                        SELECT api_key, merchants.name AS merchant, api_keys.name, kind, rate_per_second,
                               api_keys.created_at, disabled_at
                        FROM gateway.api_keys JOIN gateway.merchants USING (merchant_id)
                        ORDER BY merchant, api_keys.created_at, api_key
                        """)
                .query((row, number) -> new ListedKey(
                        row.getString("api_key"),
                        row.getString("merchant"),
                        row.getString("name"),
                        Kind.of(row.getString("kind")),
                        rate(row),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row.getObject("disabled_at", OffsetDateTime.class))))
                .list();
    }

    /** What the key is called, or null where there is none. */
    static @Nullable String name(JdbcClient client, String key) {
        return client.sql("SELECT name FROM gateway.api_keys WHERE api_key = ?")
                .param(key)
                .query(String.class)
                .optional()
                .orElse(null);
    }

    /** Whether there is such a key. */
    static boolean disable(JdbcClient client, String key) {
        return client.sql("UPDATE gateway.api_keys SET disabled_at = coalesce(disabled_at, now()) WHERE api_key = ?")
                        .param(key)
                        .update()
                == 1;
    }

    static boolean firstStartEnded(JdbcClient client) {
        return client.sql("SELECT EXISTS (SELECT 1 FROM gateway.first_start)")
                .query(Boolean.class)
                .single();
    }

    static void endFirstStart(JdbcClient client) {
        client.sql("INSERT INTO gateway.first_start DEFAULT VALUES").update();
    }

    private static @Nullable Integer rate(ResultSet row) throws SQLException {
        return row.getObject("rate_per_second", Integer.class);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}

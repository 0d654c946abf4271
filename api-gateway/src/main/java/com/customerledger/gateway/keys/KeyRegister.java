package com.customerledger.gateway.keys;

import com.customerledger.events.UnavailableException;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys and takes them away. What it does counts at once for keys that are made, and within two seconds on every
 * node for those that are disabled. Every method throws {@link UnavailableException} when the database does not answer.
 * Thread-safe.
 */
public final class KeyRegister {

    /** The longest name of a merchant or a key, in Unicode code points. */
    public static final int NAME_LENGTH_MAX = 128;

    /** The highest rate that a key can be given, in requests per second. */
    public static final int RATE_MAX = 1_000_000;

    private final GatewayDatabase database;

    KeyRegister(GatewayDatabase database) {
        this.database = database;
    }

    /**
     * Makes a key, and its merchant where there is none of that name.
     *
     * @param merchant the merchant's name
     * @param name what to call the key
     * @param ratePerSecond how many requests a second each node is to take from it, or null for any number
     * @return the only copy of the secret
     * @throws IllegalArgumentException when {@link #fault} finds one in a name, or the rate is not from 1 to
     *     {@link #RATE_MAX}
     */
    public Credentials create(String merchant, String name, Kind kind, @Nullable Integer ratePerSecond) {
        check("merchant", merchant);
        check("name", name);
        if (ratePerSecond != null && (ratePerSecond < 1 || ratePerSecond > RATE_MAX)) {
            throw new IllegalArgumentException("rate: must be from 1 to " + RATE_MAX);
        }
        Credentials credentials = Credentials.random();
        database.inTransaction(client -> {
            KeyTable.insert(client, credentials, KeyTable.merchant(client, merchant), name, kind, ratePerSecond);
            return credentials;
        });
        return credentials;
    }

    /** The id of the merchant that has that name, or that id; null where there is none. */
    public @Nullable String merchantId(String nameOrId) {
        return database.ask(client -> KeyTable.merchantId(client, nameOrId)).orElse(null);
    }

    /** Every key, by merchant and age. */
    public List<ListedKey> list() {
        return database.ask(KeyTable::list);
    }

    /**
     * Refuses a key from now on. One that is disabled already stays so.
     *
     * @param key its public part
     * @return whether there is such a key
     */
    public boolean disable(String key) {
        return Credentials.isKey(key) && database.ask(client -> KeyTable.disable(client, key));
    }

    /** What is wrong with the name of a merchant or a key, or null where nothing is. */
    public static @Nullable String fault(String name) {
        if (name.isBlank()) {
            return "must not be blank";
        }
        if (name.codePointCount(0, name.length()) > NAME_LENGTH_MAX) {
            return "must have at most " + NAME_LENGTH_MAX + " characters";
        }
        boolean clean = name.codePoints()
                .allMatch(c -> !Character.isISOControl(c)
                        && Character.getType(c) != Character.SURROGATE
                        && Character.getType(c) != Character.LINE_SEPARATOR
                        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR);
        return clean ? null : "must not have control characters";
    }

    private static void check(String what, String name) {
        String fault = fault(name);
        if (fault != null) {
            throw new IllegalArgumentException(what + ": " + fault);
        }
    }
}

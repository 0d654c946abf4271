package com.customerledger.command.database.embedded;

import java.security.SecureRandom;
import java.util.Base64;

/** A database role and its password. {@link #toString} leaves the password out. */
public record Credentials(String user, String password) {

    private static final int PASSWORD_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes a password of 192 random bits from letters, digits, '-' and '_' only, so that it needs no quoting anywhere. */
    static Credentials random(String user) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return new Credentials(user, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** {@code user:password} and a line's end, as it stands in a file. */
    String toLine() {
        return user + ":" + password + "\n";
    }

    static Credentials fromLine(String line) {
        String[] parts = line.strip().split(":", 2);
        if (parts.length != 2) {
            throw new EmbeddedDatabaseException("A file of credentials does not hold user:password");
        }
        return new Credentials(parts[0], parts[1]);
    }

    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}

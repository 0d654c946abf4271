package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * How to connect to a ledger's database. Immutable.
 *
 * @param jdbcUrl the address without user and password
 * @param owner the role that owns the database and its schemas; migrations run as it
 * @param application the role that the running ledger uses; it owns nothing
 */
public record DatabaseAccess(String jdbcUrl, Credentials owner, Credentials application) {

    private static final String HOLDER = "holder";
    private static final String URL = "url";

    /** The text of {@code database.properties}; {@code holder} tells for which holder of the data directory it was written. */
    String toProperties(String holder) {
        return """
                # Written anew at each start of the embedded PostgreSQL, and removed when it stops.
                %s=%s
                %s=%s
                owner.user=%s
                owner.password=%s
                application.user=%s
                application.password=%s
                """.formatted(
                        HOLDER,
                        holder,
                        URL,
                        jdbcUrl,
                        owner.user(),
                        owner.password(),
                        application.user(),
                        application.password());
    }

    /** Reads what {@link #toProperties} wrote; empty when it was written for another holder, as after a kill -9. */
    static Optional<DatabaseAccess> fromProperties(String text, String holder) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!holder.equals(properties.getProperty(HOLDER))) {
            return Optional.empty();
        }
        return Optional.of(new DatabaseAccess(
                required(properties, URL),
                new Credentials(required(properties, "owner.user"), required(properties, "owner.password")),
                new Credentials(
                        required(properties, "application.user"), required(properties, "application.password"))));
    }

    private static String required(Properties properties, String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new EmbeddedDatabaseException("database.properties has no " + name);
        }
        return value;
    }
}

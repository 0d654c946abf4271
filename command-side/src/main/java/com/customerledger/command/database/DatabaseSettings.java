package com.customerledger.command.database;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the ledger keeps its data.
 *
 * @param serve whether this process is a server, not a short-lived command
 * @param dataDir the data directory, {@code ledger.data-dir}
 * @param database an external database, {@code ledger.database}; without a URL the embedded one is used
 * @param roles what this node does: {@code command}, {@code query} or both
 */
@ConfigurationProperties("ledger")
record DatabaseSettings(
        @DefaultValue("false") boolean serve,
        @DefaultValue("data") Path dataDir,
        @DefaultValue Database database,
        @DefaultValue({"command", "query"}) Set<String> roles) {

    /**
     * @param url a JDBC URL of PostgreSQL
     * @param user the application's role; the operating system's user where none is given
     * @param password the application's password
     * @param ownerUser the role that makes and owns the fixed tables; without one the application's role does
     * @param ownerPassword the owner's password
     * @param osUser which user of the operating system the embedded PostgreSQL runs as when the ledger runs as root
     */
    record Database(
            @Nullable String url,
            @Nullable String user,
            @DefaultValue("") String password,
            @Nullable String ownerUser,
            @DefaultValue("") String ownerPassword,
            @Nullable String osUser) {}
}

package com.customerledger.gateway.keys;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;

/** Databases of a real PostgreSQL, as the gateway is given them. */
final class TestDatabases {

    private TestDatabases() {}

    static LedgerDatabase embedded() {
        DatabaseAccess access = TestPostgres.newDatabase();
        return new LedgerDatabase(
                access.jdbcUrl(),
                new Role(access.owner().user(), access.owner().password()),
                new Role(access.application().user(), access.application().password()),
                true);
    }
}

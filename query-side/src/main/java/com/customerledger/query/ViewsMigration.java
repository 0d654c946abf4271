package com.customerledger.query;

import com.customerledger.events.database.LedgerDatabase;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** Makes and upgrades the fixed tables of the schema {@code views}, as the owner's role. */
final class ViewsMigration implements Runnable {

    private final LedgerDatabase database;

    ViewsMigration(LedgerDatabase database) {
        this.database = database;
    }

    @Override
    public void run() {
        Flyway.configure()
                .dataSource(
                        database.url(),
                        database.owner().user(),
                        database.owner().password())
                .schemas("views")
                .createSchemas(true)
                .locations("classpath:db/views")
                .placeholders(Map.of("application_role", database.application().user()))
                .load()
                .migrate();
    }
}

package com.customerledger.query.customers;

import com.customerledger.query.TestStore;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.payments.Payments;
import com.customerledger.query.view.View;
import com.customerledger.query.view.Views;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** One node's read side. */
final class TestViews implements AutoCloseable {

    static final ZoneId ZONE = ZoneId.of("Africa/Johannesburg");

    // A busy machine is no reason for a test to fail.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final QueryDatabase database;
    final Views views;
    final CustomerReads reads;

    TestViews(TestStore store) {
        this(store, ZONE, PATIENCE, 2);
    }

    TestViews(TestStore store, ZoneId zone, Duration waitMax, int streamsMax) {
        this(store, zone, waitMax, streamsMax, List.of(new CustomerList(), new CustomerVersions(), new Payments()));
    }

    TestViews(TestStore store, ZoneId zone, Duration waitMax, int streamsMax, List<View> all) {
        this.database = new QueryDatabase(store.database(), 4, streamsMax, waitMax);
        this.views = new Views(database, () -> migrate(store), all, zone, Duration.ofMillis(25), waitMax);
        this.reads = new CustomerReads(database, views.freshness(), zone, 2, Duration.ofMinutes(1));
        views.start();
    }

    private static void migrate(TestStore store) {
        Flyway.configure()
                .dataSource(
                        store.database().url(),
                        store.database().owner().user(),
                        store.database().owner().password())
                .schemas("views")
                .locations("classpath:db/views")
                .placeholders(Map.of(
                        "application_role", store.database().application().user()))
                .load()
                .migrate();
    }

    @Override
    public void close() {
        views.stop();
        database.close();
    }
}

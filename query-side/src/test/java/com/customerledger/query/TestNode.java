package com.customerledger.query;

import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.View;
import com.customerledger.query.view.Views;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** The views of one node, on a store that it may share with others. */
public final class TestNode implements AutoCloseable {

    public static final ZoneId ZONE = ZoneId.of("Africa/Johannesburg");

    // A busy machine is no reason for a test to fail.
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int QUERIES_MAX = 4;
    private static final Duration POLL = Duration.ofMillis(25);

    private final QueryDatabase database;
    private final Views views;

    public TestNode(TestStore store, List<? extends View> all) {
        this(store, all, ZONE, PATIENCE, 2);
    }

    public TestNode(TestStore store, List<? extends View> all, ZoneId zone, Duration waitMax, int streamsMax) {
        this.database = new QueryDatabase(store.database(), QUERIES_MAX, streamsMax, waitMax);
        this.views = new Views(database, new ViewsMigration(store.database()), all, zone, POLL, waitMax);
        views.start();
    }

    public QueryDatabase database() {
        return database;
    }

    public Views views() {
        return views;
    }

    @Override
    public void close() {
        views.stop();
        database.close();
    }
}

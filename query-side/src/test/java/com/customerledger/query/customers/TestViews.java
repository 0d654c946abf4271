package com.customerledger.query.customers;

import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.payments.Payments;
import com.customerledger.query.tail.WriteBound;
import com.customerledger.query.view.Views;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** The views of customers on one node, and the reads from them. */
final class TestViews implements AutoCloseable {

    static final int STREAMS_PER_KEY_MAX = 2;

    static final Duration WRITE_MAX = Duration.ofSeconds(1);

    final TestNode node;
    final Views views;
    final CustomerReads reads;

    TestViews(TestStore store) {
        this(store, TestNode.ZONE, TestNode.PATIENCE);
    }

    TestViews(TestStore store, ZoneId zone, Duration waitMax) {
        this.node = new TestNode(
                store,
                List.of(new CustomerList(), new CustomerVersions(), new Payments()),
                zone,
                waitMax,
                STREAMS_PER_KEY_MAX);
        this.views = node.views();
        this.reads = new CustomerReads(
                node.database(),
                views.freshness(),
                writeBound(node, waitMax),
                zone,
                STREAMS_PER_KEY_MAX,
                Duration.ofMinutes(1));
    }

    static WriteBound writeBound(TestNode node, Duration waitMax) {
        return new WriteBound(node.database(), Clock.systemUTC(), WRITE_MAX, waitMax);
    }

    @Override
    public void close() {
        node.close();
    }
}

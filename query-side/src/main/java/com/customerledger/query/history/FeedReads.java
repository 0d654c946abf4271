package com.customerledger.query.history;

import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.EventFeed;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.query.customers.CustomerVersions;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness;
import com.customerledger.query.view.Freshness.Admission;
import com.customerledger.query.view.News;
import com.customerledger.query.view.ParkedCustomers;
import com.customerledger.query.view.Questions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a merchant's events in the order of the numbers that the seal gave them. Thread-safe. */
public final class FeedReads implements EventFeed {

    // The merchant's number is asked for as a value, so that the planner knows the walk along the leaves as ordered.
    static final String EVENTS = "SELECT " + ToldEvents.COLUMNS + """

              FROM seal.leaves AS leaf
              JOIN views.customer_versions_events_N AS entry ON entry.position = leaf.position
             WHERE leaf.merchant = (SELECT merchant FROM seal.merchants WHERE merchant_id = ?)
               AND leaf.number > ?
             ORDER BY leaf.number
             LIMIT ?
            """;

    private static final String DISCARDED = """
            SELECT leaf.number
              FROM views.letters AS letter
              JOIN seal.leaves AS leaf ON leaf.position = letter.position
             WHERE letter.generation_id = ? AND letter.discarded_at IS NOT NULL
               AND leaf.merchant = (SELECT merchant FROM seal.merchants WHERE merchant_id = ?)
               AND leaf.number > ? AND leaf.number < ?
            """;

    private static final String EPOCH = """
            SELECT coalesce(max(epoch), 1), min(first_size) FILTER (WHERE epoch > ?)
              FROM seal.epochs
            """;

    private static final String NEWEST_EPOCH = """
            SELECT coalesce(max(epoch), 1)
              FROM seal.epochs
            """;

    /** How long an epoch that was read is good: another one begins once in years. */
    private static final long EPOCH_GOOD_MS = 1_000;

    private static final String LAST_KEPT = """
            SELECT number
              FROM seal.leaves
             WHERE merchant = (SELECT merchant FROM seal.merchants WHERE merchant_id = ?)
               AND leaf_index < ?
             ORDER BY number DESC
             LIMIT 1
            """;

    private final QueryDatabase database;
    private final Questions questions;
    private final News news;
    private volatile @Nullable KnownEpoch known;

    private record KnownEpoch(int epoch, long atNanos) {}

    public FeedReads(QueryDatabase database, Freshness freshness, News news) {
        this.database = database;
        this.questions = new Questions(freshness);
        this.news = news;
    }

    @Override
    public Page read(String merchantId, Place after, int limit) {
        return questions.ask(Consistency.STRONG, ToldEvents.VIEWS, admission -> {
            int epoch = epoch(merchantId, after);
            // Asked for first: what is settled meanwhile is told, and said to be parked once more.
            int parkedCustomers = ParkedCustomers.count(database, admission, merchantId);
            List<ToldEvent> events = ToldEvents.read(database, admission, EVENTS, merchantId, after.number(), limit);
            return new Page(epoch, withoutGap(admission, merchantId, events, after.number()), parkedCustomers);
        });
    }

    /**
     * The one view may have come farther than the other, or have parked an event; what both have begins without a gap. An
     * event that was discarded is none.
     */
    private List<ToldEvent> withoutGap(Admission admission, String merchantId, List<ToldEvent> events, long after)
            throws SQLException {
        if (events.isEmpty() || events.get(events.size() - 1).number() == after + events.size()) {
            return events;
        }
        Set<Long> discarded = discarded(
                admission, merchantId, after, events.get(events.size() - 1).number());
        long next = after + 1;
        int count = 0;
        for (ToldEvent event : events) {
            while (discarded.contains(next)) {
                next++;
            }
            if (event.number() != next) {
                break;
            }
            next++;
            count++;
        }
        return events.subList(0, count);
    }

    private Set<Long> discarded(Admission admission, String merchantId, long after, long before) throws SQLException {
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(DISCARDED)) {
            statement.setInt(1, admission.generation(CustomerVersions.NAME).id());
            statement.setString(2, merchantId);
            statement.setLong(3, after);
            statement.setLong(4, before);
            Set<Long> numbers = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
            return numbers;
        }
    }

    /** The epoch that is; refuses a place that is not in it. */
    private int epoch(String merchantId, Place after) throws SQLException {
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(EPOCH)) {
            int told = after.epoch() == null ? Integer.MAX_VALUE : after.epoch();
            statement.setInt(1, told);
            int epoch;
            long firstSize;
            boolean later;
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                epoch = row.getInt(1);
                firstSize = row.getLong(2);
                later = !row.wasNull();
            }
            if (after.epoch() != null && told > epoch) {
                throw refused("There is no epoch " + told + " of this ledger yet");
            }
            if (later) {
                long kept = lastKept(connection, merchantId, firstSize);
                if (after.number() > kept) {
                    throw refused("The ledger was rolled back after this place was told: from number " + (kept + 1)
                            + " on the events are others. Go on after " + epoch + "-" + kept);
                }
            }
            return epoch;
        }
    }

    private static long lastKept(Connection connection, String merchantId, long size) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LAST_KEPT)) {
            statement.setString(1, merchantId);
            statement.setLong(2, size);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static RefusedException refused(String message) {
        return new RefusedException(Refusal.of(ErrorCode.REQUEST, message));
    }

    @Override
    public int epoch() {
        KnownEpoch last = known;
        if (last == null || System.nanoTime() - last.atNanos() > TimeUnit.MILLISECONDS.toNanos(EPOCH_GOOD_MS)) {
            long now = System.nanoTime();
            last = new KnownEpoch(newestEpoch(), now);
            known = last;
        }
        return last.epoch();
    }

    private int newestEpoch() {
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(NEWEST_EPOCH);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw QueryDatabase.failed(e);
        }
    }

    @Override
    public long news() {
        return news.count();
    }

    @Override
    public void awaitNews(long newsBefore, long millisMax) throws InterruptedException {
        news.await(newsBefore, millisMax);
    }
}

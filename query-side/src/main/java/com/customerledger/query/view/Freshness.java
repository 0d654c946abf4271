package com.customerledger.query.view;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.database.QueryDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets a query in when the views that answer it are as fresh as it asks for. What the store's newest event is and how
 * far the views have come is asked of the database in one statement at arrival, so that it makes no difference which
 * node wrote and which one answers. Thread-safe.
 */
public final class Freshness {

    /**
     * Leave to ask.
     *
     * @param generations by the view's name, the generation to be asked
     * @param lagMillis the age of the oldest event that one of the views has not seen, 0 when they have them all
     * @param hasParked whether one of the views has parked events, of whichever customer
     */
    public record Admission(Map<String, Generation> generations, long lagMillis, boolean hasParked) {

        Object[] generationIds() {
            return generations.values().stream().map(Generation::id).toArray();
        }

        /** The generation of that view, one of those that were asked for. */
        public Generation generation(String view) {
            Generation generation = generations.get(view);
            if (generation == null) {
                throw new IllegalArgumentException("not admitted to the view " + view);
            }
            return generation;
        }
    }

    /** A question that is one statement, whose answer is read before anything else happens. */
    interface AtOnce<T> {

        /** The statement for those generations. */
        String sql(Admission admission);

        /** Sets its parameters, the first of which has that number. */
        void bind(PreparedStatement statement, int first) throws SQLException;

        /** Reads the answer. */
        T read(ResultSet rows, Admission admission) throws SQLException;
    }

    /** A view at arrival. */
    private record Arrival(
            Generation generation,
            long position,
            long head,
            @Nullable OffsetDateTime unseen,
            boolean hasParked) {}

    private static final String FRESH = """
            SELECT g.id, g.view, g.generation, g.revision, g.zone, g.state,
                   (SELECT p.position FROM views.positions p
                     WHERE p.generation_id = g.id ORDER BY p.position DESC LIMIT 1) AS position,
                   (SELECT max(e.position) FROM ledger.events e) AS head,
                   NULL::timestamptz AS unseen,
                   EXISTS (SELECT FROM views.letters l WHERE l.generation_id = g.id AND l.discarded_at IS NULL)
              FROM views.generations g
             WHERE g.state = 'live' AND g.view = ANY (?)
            """;

    private static final String AS_IT_IS = """
            SELECT g.id, g.view, g.generation, g.revision, g.zone, g.state, p.position,
                   0 AS head,
                   (SELECT e.occurred_at FROM ledger.events e
                     WHERE e.position > p.position ORDER BY e.position LIMIT 1) AS unseen,
                   EXISTS (SELECT FROM views.letters l WHERE l.generation_id = g.id AND l.discarded_at IS NULL)
              FROM views.generations g
             CROSS JOIN LATERAL (SELECT position FROM views.positions
                                  WHERE generation_id = g.id ORDER BY position DESC LIMIT 1) AS p
             WHERE g.state = 'live' AND g.view = ANY (?)
            """;

    private final QueryDatabase database;
    private final KnownViews views;
    private final ZoneId zone;
    private final Duration waitMax;
    private final Wakeups wakeups;
    private final Board board;
    // By the views' names, the generations that were live when the database was asked last.
    private final Map<String, Generation> lastLive = new ConcurrentHashMap<>();

    Freshness(QueryDatabase database, KnownViews views, ZoneId zone, Duration waitMax, Wakeups wakeups, Board board) {
        this.database = database;
        this.views = views;
        this.zone = zone;
        this.waitMax = waitMax;
        this.wakeups = wakeups;
        this.board = board;
    }

    /** What it asks. */
    QueryDatabase database() {
        return database;
    }

    /**
     * Waits until those views have seen every event that was committed when the call began, when the query asks for
     * that; holds no connection while it waits.
     *
     * @throws UnavailableException when they don't in the time that reads wait, or can't answer at all
     */
    public Admission admit(Consistency consistency, List<String> names) {
        long deadlineNanos = System.nanoTime() + waitMax.toNanos();
        awaitMade(deadlineNanos);
        List<Arrival> arrivals;
        try {
            arrivals = arrive(consistency == Consistency.STRONG ? FRESH : AS_IT_IS, names);
        } catch (SQLException e) {
            throw QueryDatabase.failed(e);
        }
        Map<String, Generation> generations = new HashMap<>();
        long lagMillis = 0;
        boolean hasParked = false;
        Instant now = Instant.now();
        for (Arrival arrival : arrivals) {
            check(arrival.generation());
            generations.put(arrival.generation().view(), arrival.generation());
            lastLive.put(arrival.generation().view(), arrival.generation());
            hasParked |= arrival.position() < arrival.head() ? await(arrival, deadlineNanos) : arrival.hasParked();
            lagMillis = Math.max(lagMillis, Generations.age(arrival.unseen(), now));
        }
        if (generations.size() < names.size()) {
            throw new UnavailableException("a view that is asked for could not be made", null);
        }
        return new Admission(generations, lagMillis, hasParked);
    }

    /**
     * The view that filled an admitted generation: of several revisions the one whose statements fit its tables.
     *
     * @param type what every revision of the view is
     */
    public <V> V view(Generation generation, Class<V> type) {
        View view = views.of(generation);
        if (view == null) {
            throw new UnavailableException(generation + " is of a revision that this node does not have", null);
        }
        return type.cast(view);
    }

    /**
     * Asks whether the views are fresh and, in the same request to the server, the question itself, which saves the most
     * usual read half of its way: it is asked of the generations that were live the last time, and its answer is good when
     * these still are, have come far enough, and have nothing parked. Until they have come far enough it is asked again.
     *
     * @return nothing when it has to be asked in the other way, by {@link #admit}
     * @throws UnavailableException when the views have not come far enough in the time that reads wait
     * @throws SQLException when the database refuses it
     */
    <T> Optional<T> askAtOnce(Consistency consistency, List<String> names, AtOnce<T> question) throws SQLException {
        long deadlineNanos = System.nanoTime() + waitMax.toNanos();
        awaitMade(deadlineNanos);
        Map<String, Generation> expected = new HashMap<>();
        for (String name : names) {
            Generation generation = lastLive.get(name);
            if (generation == null) {
                return Optional.empty();
            }
            expected.put(name, generation);
        }
        String sql = (consistency == Consistency.STRONG ? FRESH : AS_IT_IS) + ";\n"
                + question.sql(new Admission(expected, 0, false));
        Map<String, Long> wanted = new HashMap<>();
        Set<String> askedAgain = new HashSet<>();
        while (true) {
            List<Arrival> arrivals;
            try (Connection connection = database.query();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("text", names.toArray()));
                question.bind(statement, 2);
                statement.execute();
                arrivals = arrivals(statement);
                Admission admission = admission(arrivals, expected);
                if (admission == null) {
                    return Optional.empty();
                }
                arrivals.forEach(each -> wanted.putIfAbsent(each.generation().view(), each.head()));
                if (arrivals.stream()
                        .allMatch(each -> each.position()
                                >= wanted.getOrDefault(each.generation().view(), 0L))) {
                    statement.getMoreResults();
                    try (ResultSet rows = statement.getResultSet()) {
                        return Optional.of(question.read(rows, admission));
                    }
                }
            }
            for (Arrival arrival : arrivals) {
                long head = wanted.getOrDefault(arrival.generation().view(), 0L);
                if (arrival.position() < head) {
                    boolean isFirst = askedAgain.add(arrival.generation().view());
                    catchUp(arrival, head, isFirst, deadlineNanos);
                }
            }
        }
    }

    private static List<Arrival> arrivals(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.getResultSet()) {
            return arrivals(rows);
        }
    }

    /** Leave to ask these generations, or null where others are live by now or events are parked. */
    private @Nullable Admission admission(List<Arrival> arrivals, Map<String, Generation> expected) {
        long lagMillis = 0;
        Instant now = Instant.now();
        for (Arrival arrival : arrivals) {
            if (arrival.hasParked()
                    || !arrival.generation()
                            .equals(expected.get(arrival.generation().view()))) {
                return null;
            }
            lagMillis = Math.max(lagMillis, Generations.age(arrival.unseen(), now));
        }
        return arrivals.size() < expected.size() ? null : new Admission(expected, lagMillis, false);
    }

    /**
     * Waits until whoever fills the view says that it has come so far, which the database is asked for then.
     *
     * @param isFirst whether the database was asked only before that was said
     */
    private void catchUp(Arrival arrival, long head, boolean isFirst, long deadlineNanos) {
        wakeups.seen(head);
        Progress progress = board.progress(arrival.generation());
        if (progress.position() >= head && !isFirst) {
            // The database has less than this process remembers: see kept.
            progress.tookBack(arrival.position());
            wakeups.committed();
        }
        try {
            if (!progress.await(head, deadlineNanos)) {
                throw notFarEnough(arrival);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static UnavailableException notFarEnough(Arrival arrival) {
        return new UnavailableException(arrival.generation() + " has not come far enough in time", null);
    }

    private List<Arrival> arrive(String sql, List<String> names) throws SQLException {
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                return arrivals(rows);
            }
        }
    }

    private static List<Arrival> arrivals(ResultSet rows) throws SQLException {
        List<Arrival> arrivals = new ArrayList<>();
        while (rows.next()) {
            arrivals.add(new Arrival(
                    Generations.generation(rows),
                    rows.getLong(7),
                    rows.getLong(8),
                    rows.getObject(9, OffsetDateTime.class),
                    rows.getBoolean(10)));
        }
        return arrivals;
    }

    private void check(Generation generation) {
        View view = view(generation, View.class);
        if (view.hasZone() && !generation.zone().equals(zone)) {
            throw new UnavailableException(generation + " is filled for another zone than this node's", null);
        }
    }

    private void awaitMade(long deadlineNanos) {
        try {
            if (!board.awaitMade(deadlineNanos)) {
                throw new UnavailableException("the views are not made yet", null);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until the view has come as far as the head; whether it has parked events then. */
    private boolean await(Arrival arrival, long deadlineNanos) {
        wakeups.seen(arrival.head());
        Progress progress = board.progress(arrival.generation());
        try {
            Generations.Kept kept;
            do {
                if (!progress.await(arrival.head(), deadlineNanos)) {
                    throw notFarEnough(arrival);
                }
                kept = kept(arrival, progress);
            } while (kept.position() < arrival.head());
            return kept.hasParked();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * What the database has of what this process remembers: a crash of the server takes back the last commits of a view,
     * which don't wait for the disk, and a query may be here before whoever fills the view notices.
     */
    private Generations.Kept kept(Arrival arrival, Progress progress) {
        Generations.Kept kept;
        try (Connection connection = database.query()) {
            kept = Generations.kept(connection, arrival.generation().id());
        } catch (SQLException e) {
            throw QueryDatabase.failed(e);
        }
        if (kept.position() < arrival.head()) {
            progress.tookBack(kept.position());
            // Who fills the view in this process finds its connection lost as soon as it looks.
            wakeups.committed();
        }
        return kept;
    }

    private static UnavailableException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UnavailableException("interrupted while the views were awaited", e);
    }
}

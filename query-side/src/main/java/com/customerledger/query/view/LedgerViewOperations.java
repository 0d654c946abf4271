package com.customerledger.query.view;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.views.OperationRefusedException;
import com.customerledger.events.views.OperationRefusedException.Reason;
import com.customerledger.events.views.ViewOperations;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Generation.State;
import com.customerledger.query.view.Register.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operations on the views, on connections of their own. Thread-safe. */
public final class LedgerViewOperations implements ViewOperations {

    /** How many events a generation may have yet to see, and be ready to answer all the same: a moment's worth. */
    private static final int READY_EVENTS = 1_000;

    /** How long two generations are awaited to be at the same position, or one to be as far as the other. */
    private static final long MEET_MAX_MS = 10_000;

    private static final long MEET_EVERY_MS = 3;

    /** How long to wait for retired tables to be dropped before they are left to the nodes. */
    private static final long DROP_MAX_MS = 6_000;

    private static final long SAMPLE_MS = 500;
    private static final long FOLLOW_EVERY_MS = 250;

    /** What SQLSTATE says of a database without views that can be operated: no such table, schema or column. */
    private static final Set<String> NO_LEDGER = Set.of("42P01", "3F000", "42703");

    private final KnownViews views;

    /** Made by the service loader, with every view of this version of the program. */
    public LedgerViewOperations() {
        this(FoundViews.all());
    }

    LedgerViewOperations(Collection<? extends View> views) {
        this.views = new KnownViews(views);
    }

    @Override
    public List<ViewStatus> status(LedgerDatabase database) {
        return on(database, connection -> {
            Map<Integer, Long> before = new HashMap<>();
            long beganNanos = System.nanoTime();
            for (Entry entry : Register.all(connection)) {
                before.put(entry.generation().id(), entry.position());
            }
            TimeUnit.MILLISECONDS.sleep(SAMPLE_MS);
            long head = Register.head(connection);
            Map<String, List<Entry>> byView = new TreeMap<>();
            for (View view : views.newest()) {
                byView.put(view.name(), new ArrayList<>());
            }
            for (Entry entry : Register.all(connection)) {
                byView.computeIfAbsent(entry.generation().view(), name -> new ArrayList<>())
                        .add(entry);
            }
            double seconds = (System.nanoTime() - beganNanos) / 1e9;
            List<ViewStatus> all = new ArrayList<>();
            for (Map.Entry<String, List<Entry>> view : byView.entrySet()) {
                Entry moving = in(view.getValue(), State.BUILDING);
                if (moving == null) {
                    moving = in(view.getValue(), State.LIVE);
                }
                long events = moving == null
                        ? 0
                        : Register.events(
                                connection,
                                before.getOrDefault(moving.generation().id(), moving.position()),
                                moving.position());
                all.add(status(connection, view.getKey(), view.getValue(), head, Math.round(events / seconds)));
            }
            return all;
        });
    }

    private ViewStatus status(Connection connection, String view, List<Entry> entries, long head, long rate)
            throws SQLException {
        Entry live = in(entries, State.LIVE);
        Entry building = in(entries, State.BUILDING);
        Generations.Lag lag = live == null ? new Generations.Lag(0, 0) : lag(connection, live, head);
        List<OtherGeneration> others = new ArrayList<>();
        long total = entries.stream().mapToLong(Entry::seen).max().orElse(0);
        for (Entry entry : entries) {
            if (entry.generation().state() != State.LIVE) {
                others.add(new OtherGeneration(
                        entry.generation().number(),
                        entry.generation().revision(),
                        Generations.text(entry.generation().state()),
                        total == 0 ? 100 : (int) (100.0 * entry.seen() / total)));
            }
        }
        Condition condition;
        if (live == null) {
            condition = views.newest(view) == null ? Condition.UNKNOWN : Condition.MISSING;
        } else if (views.of(live.generation()) == null) {
            condition = Condition.UNKNOWN;
        } else if (live.trouble() != null) {
            condition = Condition.STALLED;
        } else if (building == null) {
            condition = Condition.LIVE;
        } else if (building.trouble() != null) {
            condition = Condition.REBUILD_STALLED;
        } else {
            condition = isReady(connection, building, head) ? Condition.READY : Condition.BUILDING;
        }
        String trouble =
                live != null && live.trouble() != null ? live.trouble() : building != null ? building.trouble() : null;
        return new ViewStatus(
                view,
                live == null ? null : live.generation().number(),
                live == null ? null : live.generation().revision(),
                others,
                live == null ? 0 : live.position(),
                lag.events(),
                lag.millis(),
                rate,
                condition,
                live == null
                        ? 0
                        : Letters.counts(connection)
                                .getOrDefault(live.generation().id(), 0L),
                trouble);
    }

    private static Generations.Lag lag(Connection connection, Entry entry, long head) throws SQLException {
        return Generations.lags(connection, List.of(new Generations.At(entry.generation(), entry.position())), head)
                .getOrDefault(entry.generation().id(), new Generations.Lag(0, 0));
    }

    private static boolean isReady(Connection connection, Entry entry, long head) throws SQLException {
        return entry.trouble() == null
                && entry.isComplete()
                && lag(connection, entry, head).events() < READY_EVENTS;
    }

    @Override
    public int rebuild(LedgerDatabase database, String name, @Nullable Integer maxP99Ms) {
        return on(database, connection -> {
            connection.setAutoCommit(false);
            List<Entry> entries = Register.lock(connection, name);
            View view = rebuildable(name, entries);
            Entry building = in(entries, State.BUILDING);
            if (building != null) {
                throw conflict(name + " is being rebuilt already, as generation "
                        + building.generation().number());
            }
            Entry live = live(name, entries);
            if (live.generation().revision() > view.revision()) {
                throw conflict(live.generation() + " is of revision "
                        + live.generation().revision() + ", and this version of the program has none newer than "
                        + view.revision());
            }
            try {
                int number =
                        Generations.build(connection, view, live.generation().zone(), maxP99Ms);
                connection.commit();
                return number;
            } catch (SQLException e) {
                if (QueryDatabase.isPassing(e)) {
                    throw e;
                }
                throw new OperationRefusedException(
                        Reason.FAULTY_VIEW,
                        "The SQL of the view " + name + " in revision " + view.revision() + " fails: " + e.getMessage(),
                        e);
            }
        });
    }

    private View rebuildable(String name, List<Entry> entries) {
        View view = views.newest(name);
        if (view == null && entries.isEmpty()) {
            throw unknown(name);
        }
        if (view == null) {
            throw conflict("This version of the program has no view " + name
                    + " any more, only its tables stand; ledger views drop removes them");
        }
        if (view.isForEver()) {
            throw conflict("The view " + name + " is for ever: what it holds was told to others");
        }
        return view;
    }

    @Override
    public void follow(LedgerDatabase database, String view, boolean fills, Predicate<Filling> listener)
            throws InterruptedException {
        onAwaiting(database, connection -> {
            Entry building = building(view, entries(connection, view));
            if (!fills) {
                return follow(connection, building, listener);
            }
            return helped(database, view, () -> follow(connection, building, listener));
        });
    }

    /** True when it is ready. */
    private static boolean follow(Connection connection, Entry first, Predicate<Filling> listener)
            throws SQLException, InterruptedException {
        Generation generation = first.generation();
        long position = first.position();
        long total = Register.events(connection, position, Long.MAX_VALUE);
        long done = 0;
        while (true) {
            Entry entry = Register.one(connection, generation.id());
            if (entry == null || entry.generation().state() == State.RETIRED) {
                throw conflict(generation + " was given up");
            }
            done += Register.events(connection, position, entry.position());
            position = Math.max(position, entry.position());
            boolean isReady = entry.generation().state() != State.BUILDING
                    || isReady(connection, entry, Register.head(connection));
            Filling filling = new Filling(
                    generation.view(), generation.number(), done, Math.max(total, done), isReady, entry.trouble());
            if (!listener.test(filling) || isReady) {
                return isReady;
            }
            TimeUnit.MILLISECONDS.sleep(FOLLOW_EVERY_MS);
        }
    }

    @Override
    public String swap(LedgerDatabase database, String view) throws InterruptedException {
        return onAwaiting(database, connection -> {
            List<Entry> entries = entries(connection, view);
            Generation next = answerable(connection, building(view, entries));
            Generation live = live(view, entries).generation();
            long deadlineNanos = deadline();
            // Nothing proves what another revision makes of a customer that it could not take.
            Generation mayHaveParked = live.revision() == next.revision() ? live : null;
            return helped(database, view, () -> {
                refuseParked(connection, next, mayHaveParked);
                String compared = compared(connection, live, next, deadlineNanos);
                exchange(connection, live, next, mayHaveParked, deadline());
                return next + " answers now, " + live + " follows until it is dropped; " + compared;
            });
        });
    }

    private String compared(Connection connection, Generation live, Generation next, long deadlineNanos)
            throws SQLException, InterruptedException {
        View view = views.of(next);
        if (view == null || views.of(live) == null) {
            // Nobody may be there to fill the live one up to the same position.
            return "not compared: this version of the program does not have revision " + live.revision();
        }
        return new Comparison(connection, view, live, next).run(deadlineNanos);
    }

    @Override
    public String rollback(LedgerDatabase database, String view) throws InterruptedException {
        return onAwaiting(database, connection -> {
            List<Entry> entries = entries(connection, view);
            Entry former = Register.latestFormer(connection, view);
            if (former == null) {
                throw conflict(view + " has no former generation to go back to");
            }
            Generation next = answerable(connection, former);
            Generation live = live(view, entries).generation();
            return helped(database, view, () -> {
                exchange(connection, live, next, live, deadline());
                return next + " answers again, " + live + " follows until it is dropped";
            });
        });
    }

    /** Whether it can answer at once, as far as can be told without stopping anybody. */
    private Generation answerable(Connection connection, Entry entry) throws SQLException {
        Generation generation = entry.generation();
        if (views.of(generation) == null) {
            throw conflict(generation + " is of revision " + generation.revision()
                    + ", which this version of the program does not have");
        }
        if (entry.trouble() != null) {
            throw conflict(entry.trouble());
        }
        if (!isReady(connection, entry, Register.head(connection))) {
            throw conflict(generation + " has not caught up yet: "
                    + Register.events(connection, entry.position(), Long.MAX_VALUE) + " events are left"
                    + (entry.isComplete() ? "" : " and its indexes are to be made"));
        }
        return generation;
    }

    /**
     * One transaction lets the other generation answer. Both are held where they are for its moment only, and the other
     * one must not be behind, so that nobody sees older things after newer ones.
     *
     * @param mayHaveParked whose parked events the other one may have parked too, or null for none
     */
    private static void exchange(
            Connection connection,
            Generation live,
            Generation next,
            @Nullable Generation mayHaveParked,
            long deadlineNanos)
            throws SQLException, InterruptedException {
        connection.setAutoCommit(false);
        while (true) {
            Register.lock(connection, live.view());
            if (Register.isAsFar(connection, next, live)) {
                refuseParked(connection, next, mayHaveParked);
                change(connection, live, State.FORMER);
                change(connection, next, State.LIVE);
                connection.commit();
                return;
            }
            connection.rollback();
            if (System.nanoTime() > deadlineNanos) {
                throw conflict(next + " does not get as far as " + live + " is: see what fills it");
            }
            TimeUnit.MILLISECONDS.sleep(MEET_EVERY_MS);
        }
    }

    /** What answered until now is not to end in an error. */
    private static void refuseParked(Connection connection, Generation next, @Nullable Generation mayHaveParked)
            throws SQLException {
        long parked = Letters.parkedBesides(connection, next, mayHaveParked);
        if (parked > 0) {
            String there = next.view() + " --generation " + next.number();
            throw conflict(next + " has " + parked + " parked events"
                    + (mayHaveParked == null ? "" : " that " + mayHaveParked + " has not")
                    + ", whose customers could not be read any more: see ledger views letters " + there
                    + ", and settle them with ledger views retry " + there + " or ledger views discard " + there);
        }
    }

    private static void change(Connection connection, Generation generation, State to) throws SQLException {
        try {
            Generations.change(connection, generation, to);
        } catch (IllegalStateException e) {
            throw new OperationRefusedException(Reason.CONFLICT, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String cancel(LedgerDatabase database, String view) throws InterruptedException {
        return onAwaiting(database, connection -> {
            connection.setAutoCommit(false);
            Generation building =
                    building(view, known(view, Register.lock(connection, view))).generation();
            return retire(database, connection, building);
        });
    }

    @Override
    public String drop(LedgerDatabase database, String view, int number) throws InterruptedException {
        return onAwaiting(database, connection -> {
            connection.setAutoCommit(false);
            List<Entry> entries = known(view, Register.lock(connection, view));
            View newest = views.newest(view);
            if (newest != null && newest.isForEver()) {
                throw conflict("The view " + view + " is for ever: what it holds was told to others");
            }
            Generation generation = entries.stream()
                    .map(Entry::generation)
                    .filter(each -> each.number() == number)
                    .findFirst()
                    .orElseThrow(() -> new OperationRefusedException(
                            Reason.UNKNOWN, "There is no generation " + number + " of the view " + view));
            if (generation.state() == State.LIVE && newest != null) {
                throw conflict(generation + " answers queries and can't be dropped");
            }
            if (generation.state() == State.BUILDING && newest != null) {
                throw conflict(generation + " is being filled; ledger views cancel gives it up");
            }
            return retire(database, connection, generation);
        });
    }

    private String retire(LedgerDatabase database, Connection connection, Generation generation)
            throws SQLException, InterruptedException {
        if (generation.state() != State.RETIRED) {
            change(connection, generation, State.RETIRED);
        }
        connection.commit();
        connection.setAutoCommit(true);
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DROP_MAX_MS);
        return helped(database, generation.view(), () -> {
            while (Register.one(connection, generation.id()) != null) {
                if (System.nanoTime() > deadlineNanos) {
                    return generation + " is retired; its tables go when nobody reads them any more";
                }
                TimeUnit.MILLISECONDS.sleep(FOLLOW_EVERY_MS);
            }
            return generation + " is dropped";
        });
    }

    private List<Entry> entries(Connection connection, String view) throws SQLException {
        return known(
                view,
                Register.all(connection).stream()
                        .filter(entry -> entry.generation().view().equals(view))
                        .toList());
    }

    private List<Entry> known(String view, List<Entry> entries) {
        if (entries.isEmpty() && views.newest(view) == null) {
            throw unknown(view);
        }
        return entries;
    }

    private static Entry building(String view, List<Entry> entries) {
        Entry building = in(entries, State.BUILDING);
        if (building == null) {
            throw conflict(view + " is not being rebuilt");
        }
        return building;
    }

    private static Entry live(String view, List<Entry> entries) {
        Entry live = in(entries, State.LIVE);
        if (live == null) {
            throw conflict(view + " has no live generation: a node that serves makes the first one");
        }
        return live;
    }

    private static @Nullable Entry in(List<Entry> entries, State state) {
        return entries.stream()
                .filter(entry -> entry.generation().state() == state)
                .findFirst()
                .orElse(null);
    }

    private static OperationRefusedException unknown(String view) {
        return new OperationRefusedException(Reason.UNKNOWN, "There is no view " + view);
    }

    private static OperationRefusedException conflict(String message) {
        return new OperationRefusedException(Reason.CONFLICT, message);
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MEET_MAX_MS);
    }

    private interface Waiting<T> {
        T until() throws SQLException, InterruptedException;
    }

    /** Waits for what nodes do, and does it for as long where there are none. */
    private <T> T helped(LedgerDatabase database, String view, Waiting<T> waiting)
            throws SQLException, InterruptedException {
        Hands hands = Hands.lend(database, views, view);
        try {
            return waiting.until();
        } finally {
            hands.close();
        }
    }

    private interface Work<T> {
        T with(Connection connection) throws SQLException, InterruptedException;
    }

    private static <T> T on(LedgerDatabase database, Work<T> work) {
        try {
            return onAwaiting(database, work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static <T> T onAwaiting(LedgerDatabase database, Work<T> work) throws InterruptedException {
        try (Connection connection = QueryDatabase.forCommand(database, database.application())) {
            return work.with(connection);
        } catch (SQLException e) {
            throw NO_LEDGER.contains(String.valueOf(e.getSQLState()))
                    ? new IllegalArgumentException("There is no ledger of this version in this database yet", e)
                    : QueryDatabase.failed(e);
        }
    }
}

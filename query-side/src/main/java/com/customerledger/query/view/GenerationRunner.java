package com.customerledger.query.view;

import com.customerledger.events.Positions;
import com.customerledger.events.UnknownEventException;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.tail.Tail;
import com.customerledger.query.view.Generation.State;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills one generation whenever this process owns it. The owner is the database session that holds the generation's
 * advisory lock, and the same session does all its reads and writes: when it dies, lock and transaction end together,
 * and nothing of a former owner can be written after that.
 */
final class GenerationRunner implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationRunner.class);

    /** How often a process that is not the owner asks whether it can be. */
    private static final long OWNER_RETRY_MS = 300;

    /** How long an owner goes without a word to the database; well below the session's own timeout. */
    private static final long IDLE_MAX_MS = 1_000;

    /** How long to leave a view alone that has met an event of a newer version: another node may know it. */
    private static final long UNKNOWN_EVENT_RETRY_MS = 5_000;

    /** The longest that an owner waits for an answer of the database. */
    private static final int SILENCE_MAX_SECONDS = 120;

    private static final String NOTHING = "";

    private static final long RETRY_MIN_MS = 50;
    private static final long CONNECTION_RETRY_MAX_MS = 500;
    private static final long FAILURE_RETRY_MAX_MS = 5_000;

    private final QueryDatabase database;
    private final View view;
    private final Generation generation;
    private final ZoneId zone;
    private final Wakeups wakeups;
    private final RecentEvents recent;
    private final Turns turns;
    private final Progress progress;
    private final Pause pause;
    private @Nullable String logged;
    // What the registry says of it; null before this runner has said anything.
    private @Nullable String noted;
    // Whether the last batch failed for a reason that may lie in one of its events.
    private boolean suspicious;
    private long retryMs = RETRY_MIN_MS;
    private int silenceMaxSeconds = QueryDatabase.QUERY_SILENCE_MAX_SECONDS;

    GenerationRunner(
            QueryDatabase database,
            View view,
            Generation generation,
            ZoneId zone,
            Wakeups wakeups,
            RecentEvents recent,
            Turns turns,
            Progress progress,
            Pause pause) {
        this.database = database;
        this.view = view;
        this.generation = generation;
        this.zone = zone;
        this.wakeups = wakeups;
        this.recent = recent;
        this.turns = turns;
        this.progress = progress;
        this.pause = pause;
    }

    @Override
    public void run() {
        boolean wanted = true;
        while (wanted && !pause.isOver()) {
            try {
                wanted = attempt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Runs until something fails, and waits before the next attempt. */
    private boolean attempt() throws InterruptedException {
        try (Connection connection = database.open("view-" + generation.view(), silenceMaxSeconds)) {
            return own(connection) && fill(connection);
        } catch (UnknownEventException e) {
            failed(e);
            pause.take(UNKNOWN_EVENT_RETRY_MS);
        } catch (SQLException e) {
            failed(e);
            if (e.getCause() instanceof SocketTimeoutException) {
                // A server that is gone is to be noticed soon, and one that is only slow must get done with a batch in
                // the end.
                silenceMaxSeconds = Math.min(silenceMaxSeconds * 2, SILENCE_MAX_SECONDS);
            }
            suspicious |= !QueryDatabase.isPassing(e);
            backOff(QueryDatabase.isPassing(e) ? CONNECTION_RETRY_MAX_MS : FAILURE_RETRY_MAX_MS);
        } catch (RuntimeException e) {
            failed(e);
            suspicious = true;
            backOff(FAILURE_RETRY_MAX_MS);
        } finally {
            progress.setOwnedHere(false);
        }
        return true;
    }

    private void backOff(long maxMs) throws InterruptedException {
        pause.take(Math.min(retryMs, maxMs));
        retryMs = Math.min(retryMs * 2, maxMs);
    }

    /** Waits for the lock; false when the wait was ended. */
    private boolean own(Connection connection) throws SQLException, InterruptedException {
        while (!pause.isOver() && progress.state() != State.RETIRED) {
            if (Generations.own(connection, generation.id())) {
                return true;
            }
            // Another node has it, and its troubles are not ours.
            progress.setTrouble(null);
            pause.take(OWNER_RETRY_MS);
        }
        return false;
    }

    /** Follows the events until the wait is ended; false when the generation is not to be filled any more. */
    private boolean fill(Connection connection) throws SQLException, InterruptedException {
        QueryDatabase.keepMemory(connection);
        if (view.isForEver()) {
            QueryDatabase.commitToDisk(connection);
        }
        connection.setAutoCommit(false);
        Generations.At at = Generations.one(connection, generation.id());
        if (at == null || at.generation().state() == State.RETIRED) {
            return false;
        }
        if (view.hasZone() && !at.generation().zone().equals(zone)) {
            makeWay(connection, at.generation());
            connection.commit();
            return false;
        }
        Building building = Building.of(connection, database, view, at);
        connection.commit();
        progress.reached(at.position());
        progress.setOwnedHere(true);
        try {
            follow(connection, at.position(), building);
        } finally {
            building.close();
        }
        return progress.state() != State.RETIRED;
    }

    private void makeWay(Connection connection, Generation old) throws SQLException {
        if (old.state() == State.LIVE) {
            Generations.replace(connection, old, view, zone);
        } else {
            Generations.change(connection, old, State.RETIRED);
        }
        LOG.info("{} was filled for the zone {}, not for {}, and makes way", generation, old.zone(), zone);
    }

    private void follow(Connection connection, long position, Building building)
            throws SQLException, InterruptedException {
        Letters letters = Letters.begin(connection, view, generation);
        Tail tail = new Tail(catchUp(connection, letters, position, building));
        try (RecentEvents.Reader reader = recent.reader(connection, tail.position())) {
            follow(connection, letters, tail, reader, building);
        }
    }

    private void follow(
            Connection connection, Letters letters, Tail tail, RecentEvents.Reader reader, Building building)
            throws SQLException, InterruptedException {
        Pace pace = new Pace(System::nanoTime);
        while (goesOn()) {
            pace.begin();
            long from = tail.position();
            settle(connection, letters, from);
            List<RecordedEvent> events = reader.read(tail, building.eventsMax());
            if (building.hasCaughtUp(tail, events)) {
                building.complete(connection);
            }
            if (events.isEmpty()) {
                connection.commit();
                recovered(connection);
                if (tail.held()) {
                    wakeups.await(reader.ticket(), Long.MAX_VALUE, Tail.PATIENCE_MS);
                } else {
                    wakeups.await(reader.ticket(), from, IDLE_MAX_MS);
                }
            } else {
                writeInTurn(connection, letters, from, events, building);
                if (tail.atEnd()) {
                    boolean isConcerned = events.stream().anyMatch(event -> view.handles(event.type()));
                    progress.rest(isConcerned ? pace.restUntilNanos(events.size()) : pace.restUnconcernedUntilNanos());
                    // Whatever was committed since the read, here or elsewhere, ends the wait: nothing is read in vain.
                    wakeups.await(reader.ticket(), tail.position(), IDLE_MAX_MS);
                }
            }
        }
    }

    /** As long as there are many events to come; the position it came to. */
    private long catchUp(Connection connection, Letters letters, long position, Building building)
            throws SQLException, InterruptedException {
        long reached = position;
        while (goesOn()) {
            List<RecordedEvent> events = building.readAhead(pause);
            if (events.isEmpty()) {
                return reached;
            }
            settle(connection, letters, reached);
            reached = write(connection, letters, reached, events, building);
        }
        return reached;
    }

    private boolean goesOn() {
        return !pause.isOver() && progress.state() != State.RETIRED;
    }

    /** Writes a batch, one of many events in its turn unless somebody waits for it. */
    private void writeInTurn(
            Connection connection, Letters letters, long from, List<RecordedEvent> events, Building building)
            throws SQLException, InterruptedException {
        boolean hasTurn = events.size() >= Turns.EVENTS_MIN && turns.take(progress::isWanted);
        try {
            write(connection, letters, from, events, building);
        } finally {
            if (hasTurn) {
                turns.giveBack();
            }
        }
    }

    /**
     * Writes a batch.
     *
     * @return the position that it came to
     * @throws UnknownEventException when this version can't read all of it; what it can read is written
     */
    private long write(Connection connection, Letters letters, long from, List<RecordedEvent> events, Building building)
            throws SQLException, InterruptedException {
        List<RecordedEvent> known = view.isForEver() ? events : known(events);
        building.prepare(connection, known, suspicious);
        Certificate certificate = letters.apply(connection, known, suspicious);
        long to = known.get(known.size() - 1).position();
        Generations.commit(connection, generation, from, to, certificate);
        suspicious = false;
        recovered(connection);
        progress.reached(to);
        if (known.size() < events.size()) {
            // Now that one is the first, which is a failure.
            known(events.subList(known.size(), events.size()));
        }
        building.restrain(pause);
        return to;
    }

    /** Does what operators asked for about parked events. */
    private void settle(Connection connection, Letters letters, long position) throws SQLException {
        if (!letters.any()) {
            return;
        }
        Certificate certificate = letters.settle(connection);
        if (certificate == null) {
            connection.commit();
        } else {
            Generations.commit(connection, generation, position, position, certificate);
        }
    }

    /**
     * The events up to the first transaction with one that this version can't read.
     *
     * @throws UnknownEventException when that is the first transaction
     */
    private static List<RecordedEvent> known(List<RecordedEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            UnknownEventException unknown = events.get(i).unknown();
            if (unknown != null) {
                long number = Positions.transaction(events.get(i).position());
                int whole = i;
                while (whole > 0 && Positions.transaction(events.get(whole - 1).position()) == number) {
                    whole--;
                }
                if (whole == 0) {
                    throw unknown;
                }
                return events.subList(0, whole);
            }
        }
        return events;
    }

    private void failed(Exception error) {
        // A connection that was lost is soon another one; the watcher knows when the database stays away.
        boolean passing = error instanceof SQLException sql && QueryDatabase.isPassing(sql);
        // A batch that failed is tried again event by event, which may be all that it takes.
        boolean isFirst = !suspicious && !(error instanceof UnknownEventException);
        if (!passing && !isFirst) {
            String trouble = generation + " stands still: " + error.getClass().getSimpleName();
            progress.setTrouble(trouble);
            note(error instanceof SQLException refused ? trouble + ", SQLSTATE " + refused.getSQLState() : trouble);
        }
        String cause = error.getClass().getName() + ": " + error.getMessage();
        if (cause.equals(logged)) {
            return;
        }
        logged = cause;
        if (passing) {
            LOG.warn("{} waits for the database: {}", generation, error.getMessage());
        } else {
            LOG.error("{} stands still and is tried again and again", generation, error);
        }
    }

    /** Says it to every process. */
    private void note(String trouble) {
        if (trouble.equals(noted)) {
            return;
        }
        try (Connection connection = database.open("views", QueryDatabase.QUERY_SILENCE_MAX_SECONDS)) {
            Generations.note(connection, generation, trouble);
            noted = trouble;
        } catch (SQLException e) {
            LOG.warn("what keeps {} can't be noted: {}", generation, e.getMessage());
        }
    }

    private void recovered(Connection connection) throws SQLException {
        progress.setTrouble(null);
        if (!NOTHING.equals(noted)) {
            Generations.note(connection, generation, null);
            connection.commit();
            noted = NOTHING;
        }
        retryMs = RETRY_MIN_MS;
        if (silenceMaxSeconds != QueryDatabase.QUERY_SILENCE_MAX_SECONDS) {
            silenceMaxSeconds = QueryDatabase.QUERY_SILENCE_MAX_SECONDS;
            connection.setNetworkTimeout(Runnable::run, silenceMaxSeconds * 1_000);
        }
        if (logged != null) {
            logged = null;
            LOG.info("{} goes on", generation);
        }
    }
}

package com.customerledger.query.view;

import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Generation.State;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a process that fill generations and drop retired ones, one each. Told of the registry by one thread;
 * may be asked by others.
 */
final class Runners {

    private final QueryDatabase database;
    private final KnownViews views;
    private final Wakeups wakeups;
    private final Board board;
    private final Pause pause;
    private final RecentEvents recent;
    private final Turns turns = Turns.ofThisMachine();
    private final Map<Integer, Thread> threads = new ConcurrentHashMap<>();

    Runners(QueryDatabase database, KnownViews views, Wakeups wakeups, DecidedHere decided, Board board, Pause pause) {
        this.database = database;
        this.views = views;
        this.wakeups = wakeups;
        this.recent = new RecentEvents(wakeups, decided);
        this.board = board;
        this.pause = pause;
    }

    /**
     * The registry has the generation like this: whatever is to be done for it is under way from now on.
     *
     * @param zone of the times in answers; a generation for another one is given up
     */
    void see(Generations.At at, ZoneId zone) {
        Generation generation = at.generation();
        Progress progress = board.progress(generation);
        progress.setState(generation.state());
        progress.reached(at.position());
        Thread thread = threads.get(generation.id());
        if (thread != null && thread.isAlive()) {
            return;
        }
        Runnable work = work(generation, progress, zone);
        if (work != null) {
            Thread started = new Thread(work, "view-" + generation.view() + "-" + generation.number());
            started.setDaemon(true);
            threads.put(generation.id(), started);
            started.start();
        }
    }

    /** None for a generation of a revision that this version of the program lacks: it can't fill it. */
    private @Nullable Runnable work(Generation generation, Progress progress, ZoneId zone) {
        if (generation.state() == State.RETIRED) {
            return new Retirement(database, generation, pause);
        }
        View view = views.of(generation);
        return view == null
                ? null
                : new GenerationRunner(database, view, generation, zone, wakeups, recent, turns, progress, pause);
    }

    /** Forgets the threads of all generations but these. */
    void keep(Set<Integer> ids) {
        threads.keySet().retainAll(ids);
    }

    List<Thread> threads() {
        return List.copyOf(threads.values());
    }
}

package com.customerledger.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.database.QueryDatabase;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the registry is looked at. */
class WatcherTest {

    private static final long POLL_MS = 25;

    private final TestStore store = new TestStore();
    private final QueryDatabase database = new QueryDatabase(store.database(), 4, 2, TestNode.PATIENCE);
    private final Wakeups wakeups = new Wakeups();
    private final Pause runnersPause = new Pause();
    private final Watcher watcher = new Watcher(
            database,
            () -> {},
            new KnownViews(List.of(new Tally())),
            TestNode.ZONE,
            POLL_MS,
            Duration.ofSeconds(10),
            wakeups,
            new DecidedHere(),
            new Board(),
            runnersPause);
    private final Thread thread = new Thread(watcher, "views");

    @BeforeEach
    void start() throws InterruptedException {
        try (TestNode first = new TestNode(store, List.of(new Tally()))) {
            long deadlineNanos = System.nanoTime() + TestNode.PATIENCE.toNanos();
            assertThat(first.views().awaitMade(deadlineNanos)).isTrue();
        }
        thread.start();
        await().until(() -> watcher.report().live().size() == 1);
    }

    @AfterEach
    void end() throws InterruptedException {
        runnersPause.end();
        watcher.end();
        thread.join();
        for (Thread runner : watcher.runners()) {
            runner.join();
        }
        database.close();
    }

    @Test
    void itIsLookedAtLessOftenWhileThisProcessCommits() {
        Set<Watcher.Report> looks = Collections.newSetFromMap(new IdentityHashMap<>());
        await().pollInterval(Duration.ofMillis(5)).during(Duration.ofSeconds(1)).until(() -> {
            wakeups.committed();
            looks.add(watcher.report());
            // Without commits they would be forty.
            return looks.size() < 20;
        });
        assertThat(looks).hasSizeGreaterThan(1);
    }

    @Test
    void whatChangesInItIsFoundMeanwhile() throws Exception {
        store.execute("UPDATE views.generations SET revision = 2");
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            wakeups.committed();
            return watcher.report()
                    .troubles()
                    .equals(List.of(
                            "tally generation 1 is of a revision that this version of the program does not have"));
        });
    }
}

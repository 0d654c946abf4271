package com.customerledger.gateway.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestThreadsTest {

    private static final int THREADS_MAX = 4;

    private final RequestThreads threads =
            new RequestThreads(new ServerSettings(16_384, 4_096, THREADS_MAX, 1_000, 1_000));
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<CompletableFuture<Void>> occupants = new ArrayList<>();

    @AfterEach
    void end() {
        release.countDown();
        threads.close();
    }

    @Test
    void oneCallerIsServedByOneThread() throws Exception {
        Set<Thread> busy = Set.copyOf(occupyAll());
        release.countDown();
        // Until it is done, a thread may still stand where it waited for its release.
        CompletableFuture.allOf(occupants.toArray(CompletableFuture[]::new)).get(5, TimeUnit.SECONDS);
        busy.forEach(RequestThreadsTest::awaitIdle);

        Set<Thread> served = new HashSet<>();
        for (int request = 0; request < 100; request++) {
            Thread thread = CompletableFuture.supplyAsync(Thread::currentThread, threads.executor())
                    .get(5, TimeUnit.SECONDS);
            awaitIdle(thread);
            served.add(thread);
        }

        assertThat(busy).hasSize(THREADS_MAX).containsAll(served);
        assertThat(served).hasSize(1);
    }

    @Test
    void requestsThatFindNoThreadWait() {
        occupyAll();
        Queue<Integer> served = new ConcurrentLinkedQueue<>();
        IntStream.range(0, 1_000).forEach(request -> threads.executor().execute(() -> served.add(request)));
        assertThat(served).isEmpty();

        release.countDown();

        await().atMost(5, TimeUnit.SECONDS).until(() -> served.size() == 1_000);
        assertThat(served)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void whatWasTakenIsWorkedOnWhenTheServerEnds() throws Exception {
        List<Thread> busy = occupyAll();
        CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> {}, threads.executor());

        threads.close();
        release.countDown();

        taken.get(5, TimeUnit.SECONDS);
        for (Thread thread : busy) {
            thread.join(5_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThatThrownBy(() -> threads.executor().execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    /** Occupies every thread until they are released. */
    private List<Thread> occupyAll() {
        Queue<Thread> busy = new ConcurrentLinkedQueue<>();
        for (int request = 0; request < THREADS_MAX; request++) {
            occupants.add(CompletableFuture.runAsync(
                    () -> {
                        busy.add(Thread.currentThread());
                        awaitRelease();
                    },
                    threads.executor()));
        }
        await().atMost(5, TimeUnit.SECONDS).until(() -> busy.size() == THREADS_MAX);
        return List.copyOf(busy);
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitIdle(Thread thread) {
        await().atMost(5, TimeUnit.SECONDS)
                .pollDelay(0, TimeUnit.MILLISECONDS)
                .pollInterval(1, TimeUnit.MILLISECONDS)
                .until(() ->
                        thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
    }
}

package com.customerledger.gateway.http.server;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.threads.EnhancedQueueExecutor;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Threads for requests, where the Java machine has no virtual ones. The one that became idle last takes the next request,
 * and those that are not needed end: a few callers are always served by the same few threads, and so by the same few
 * connections to the database, since its pool gives each thread the connection that it had last. What they know of the
 * database stays warm on both ends. Requests that find no thread wait in order. Thread-safe.
 */
@Component
@Lazy
final class RequestThreads implements AutoCloseable {

    private static final Duration IDLE_MAX = Duration.ofSeconds(60);

    private final EnhancedQueueExecutor threads;

    RequestThreads(ServerSettings settings) {
        AtomicInteger number = new AtomicInteger();
        threads = new EnhancedQueueExecutor.Builder()
                .setCorePoolSize(1)
                .setMaximumPoolSize(settings.maxThreads())
                .setKeepAliveTime(IDLE_MAX)
                .setRegisterMBean(false)
                .setThreadFactory(work -> {
                    Thread thread = new Thread(work, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                })
                .build();
    }

    /** Works on requests. Not a bean itself, beside which Spring Boot would make none of its own for tasks. */
    Executor executor() {
        return threads;
    }

    /** Lets the requests that were taken end, and takes none any more. */
    @Override
    public void close() {
        threads.shutdown();
    }
}

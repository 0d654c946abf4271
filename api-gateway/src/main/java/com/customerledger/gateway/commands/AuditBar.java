package com.customerledger.gateway.commands;

import com.customerledger.events.audit.AuditProgress;
import java.io.PrintWriter;
import java.time.Duration;

/** Shows each piece of audit work as a progress of its own. For one thread. */
final class AuditBar implements AuditProgress, AutoCloseable {

    private final PrintWriter standardError;
    private Progress progress;

    AuditBar(PrintWriter standardError, String work) {
        this.standardError = standardError;
        this.progress = Progress.start(standardError, work, 0);
    }

    @Override
    public void begins(String work, long total) {
        progress.close();
        progress = Progress.start(standardError, work, total);
    }

    @Override
    public void reached(long done) {
        progress.reached(done);
    }

    @Override
    public void say(String line) {
        progress.say(line);
    }

    /** Since the work began that was told of last. */
    Duration elapsed() {
        return progress.elapsed();
    }

    @Override
    public void close() {
        progress.close();
    }
}

package com.customerledger.gateway.commands;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a long command is, with its rate and the time that is left: on a terminal a bar that is redrawn, elsewhere a
 * line every two seconds. Work that ends sooner shows nothing elsewhere.
 *
 * <p>Safe for several threads.
 */
final class Progress implements AutoCloseable {

    private static final int BAR_CHARACTERS = 24;
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(2).toNanos();

    /** An estimate beyond a day says no more than that the work has hardly begun. */
    private static final double ESTIMATE_SECONDS_MAX = 86_400;

    private static final String ERASE_LINE = "\r\u001B[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final String work;
    private final long total;
    private final long startedAt;
    private long shownAt;
    private long passedOver;
    private boolean barStands;

    /**
     * @param work what is done, such as "importing"
     * @param total how many there are to do, or 0 where that is not known; past it, it counts as not known
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    Progress(PrintWriter out, boolean terminal, LongSupplier nanoTime, String work, long total) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.work = work;
        this.total = total;
        this.startedAt = nanoTime.getAsLong();
        this.shownAt = startedAt;
    }

    /** A progress on this process's standard error. */
    static Progress start(PrintWriter standardError, String work, long total) {
        return new Progress(standardError, standardErrorIsTerminal(), System::nanoTime, work, total);
    }

    /** {@link System#console()} knows about standard input and output only, so the kernel is asked. */
    private static boolean standardErrorIsTerminal() {
        Path descriptor = Path.of("/proc/self/fd/2");
        if (!Files.isSymbolicLink(descriptor)) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            // A descriptor that can't be looked at is treated like a file: plain lines are right everywhere.
            return false;
        }
    }

    /** So many more need no work: they are among those that are done, and say nothing about how quick the work is. */
    synchronized void passedOver(long more) {
        passedOver += more;
    }

    /** @param done how many are done since the start, altogether */
    synchronized void reached(long done) {
        long now = nanoTime.getAsLong();
        if (now - shownAt < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        shownAt = now;
        if (terminal) {
            out.print(ERASE_LINE + describe(done, now - startedAt));
            out.flush();
            barStands = true;
        } else {
            say(describe(done, now - startedAt));
        }
    }

    /** Prints a line of its own and leaves the bar below it. */
    synchronized void say(String line) {
        eraseBar();
        out.println(line);
        out.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startedAt);
    }

    @Override
    public synchronized void close() {
        eraseBar();
        out.flush();
    }

    private void eraseBar() {
        if (barStands) {
            out.print(ERASE_LINE);
            barStands = false;
        }
    }

    private String describe(long done, long nanos) {
        double rate = rate(done - passedOver, Duration.ofNanos(nanos));
        if (done > total) {
            return String.format(Locale.ROOT, "%s: %,d (%,.0f/s)", work, done, rate);
        }
        double seconds = rate > 0 ? (total - done) / rate : Double.POSITIVE_INFINITY;
        String left = seconds < ESTIMATE_SECONDS_MAX ? clock(Math.round(seconds)) : "?";
        String counts = String.format(Locale.ROOT, "%,d of %,d (%,.0f/s, %s left)", done, total, rate, left);
        if (!terminal) {
            return work + ": " + counts;
        }
        int filled = (int) Math.min(BAR_CHARACTERS, BAR_CHARACTERS * done / total);
        return work + " [" + "#".repeat(filled) + ".".repeat(BAR_CHARACTERS - filled) + "] " + counts;
    }

    /** Per second. */
    static double rate(long done, Duration elapsed) {
        return elapsed.isZero() ? 0 : done * 1e9 / elapsed.toNanos();
    }

    private static String clock(long seconds) {
        return seconds >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}

package com.customerledger.benchmarks.system;

import com.customerledger.gateway.stage.LedgerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The processors' time that processes have used so far, as {@code /proc} tells it, in steps of 10 ms.
 *
 * @param isKnown whether the system tells it at all
 * @param serverNanos of the ledger's Java machine, its compiler and garbage collector included
 * @param postgresNanos of its PostgreSQL, all its processes
 * @param clientNanos of this process
 */
record Use(boolean isKnown, long serverNanos, long postgresNanos, long clientNanos) {

    /** What the system calls a clock tick is a hundredth of a second on every Linux that Java runs on. */
    private static final long TICK_NANOS = 10_000_000;

    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    static Use now(LedgerProcess server) {
        try {
            long postgres = 0;
            Optional<ProcessHandle> postmaster = server.postmaster();
            if (postmaster.isPresent()) {
                // Those of its children that have ended are counted by itself.
                postgres = ticks(postmaster.get().pid(), USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM);
                List<ProcessHandle> children = postmaster.get().children().toList();
                for (ProcessHandle each : children) {
                    postgres += ticksOrNone(each.pid());
                }
            }
            return new Use(
                    true,
                    ticks(server.pid(), USER, SYSTEM) * TICK_NANOS,
                    postgres * TICK_NANOS,
                    ticks(ProcessHandle.current().pid(), USER, SYSTEM) * TICK_NANOS);
        } catch (IOException notTold) {
            return new Use(false, 0, 0, 0);
        }
    }

    Use since(Use before) {
        return new Use(
                isKnown && before.isKnown,
                serverNanos - before.serverNanos,
                postgresNanos - before.postgresNanos,
                clientNanos - before.clientNanos);
    }

    private static long ticksOrNone(long pid) {
        try {
            return ticks(pid, USER, SYSTEM);
        } catch (IOException ended) {
            return 0;
        }
    }

    private static long ticks(long pid, int... fields) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
        // The name before may have blanks of its own.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int field : fields) {
            ticks += Long.parseLong(words[field]);
        }
        return ticks;
    }

    /** The memory that a process has resident, in bytes. */
    static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("the system does not tell how much memory process " + pid + " has");
    }
}

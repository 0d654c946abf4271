package com.customerledger.gateway.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends batches on several connections at once, in the order in which it is given them, and knows what became of each.
 * When one is not stored those before it are sent all the same, those that are under way are brought to their end, and
 * nothing else is sent.
 *
 * <p>One thread gives it batches and ends it. It holds two batches a connection: one that is sent and one that waits.
 */
final class ImportRun implements BatchCutter.BatchTaker, AutoCloseable {

    /** Sends a batch until it has an answer. */
    interface Sending {

        /**
         * Sends it.
         *
         * @return whether the ledger had stored it before
         * @throws CommandFailure when it is not stored, or may not be
         */
        boolean send(ImportBatch batch);
    }

    /**
     * A batch that was sent, and why it is not stored or may not be.
     *
     * @param lines the numbers of its lines, in their order
     */
    @SuppressWarnings("ArrayRecordComponent") // Failures are handed on and never compared.
    record Failure(long[] lines, RuntimeException cause) {

        LineRange range() {
            return LineRange.of(lines);
        }
    }

    private record Stored(LineRange lines, int records) {}

    private final Sending sending;
    private final Progress progress;
    private final boolean tellsAll;
    private final ExecutorService connections;
    private final Semaphore room;
    private final SortedMap<Long, Failure> failures = new TreeMap<>();

    /** What is stored behind a batch that is not, or not yet. */
    private final SortedMap<Long, Stored> ahead = new TreeMap<>();

    private boolean isAbandoned;
    private long next;
    private long storedInARow;
    private long stored;
    private long storedBefore;

    /** @param tellsAll whether it wants all batches even when it sends no more, to tell which of them are stored already */
    ImportRun(int connections, Sending sending, Progress progress, boolean tellsAll) {
        this.sending = sending;
        this.tellsAll = tellsAll;
        this.progress = progress;
        this.room = new Semaphore(2 * connections);
        this.connections = Executors.newFixedThreadPool(connections, task -> {
            Thread thread = new Thread(task, "import");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Takes the next batch as soon as there is room for it. */
    @Override
    public boolean take(ImportBatch batch) {
        ImportJournal.Entry earlier = batch.earlier();
        if (earlier != null && earlier.isStored()) {
            stored(batch, true);
            return true;
        }
        room.acquireUninterruptibly();
        if (isWanted(batch.ordinal())) {
            connections.execute(() -> {
                try {
                    if (isWanted(batch.ordinal())) {
                        send(batch);
                    } else {
                        passOver(batch);
                    }
                } finally {
                    room.release();
                }
            });
            return true;
        }
        room.release();
        passOver(batch);
        return tellsAll;
    }

    private void passOver(ImportBatch batch) {
        if (batch.earlier() != null) {
            failed(batch, new CommandFailure("an earlier import sent them and had no answer"));
        }
    }

    private void send(ImportBatch batch) {
        try {
            stored(batch, sending.send(batch));
        } catch (RuntimeException e) {
            failed(batch, e);
        }
    }

    private synchronized void failed(ImportBatch batch, RuntimeException cause) {
        failures.put(batch.ordinal(), new Failure(batch.lines(), cause));
    }

    private synchronized boolean isWanted(long ordinal) {
        return !isAbandoned && (failures.isEmpty() || ordinal < failures.firstKey());
    }

    private synchronized void stored(ImportBatch batch, boolean before) {
        stored += batch.records();
        if (before) {
            storedBefore += batch.records();
            progress.passedOver(batch.records());
        }
        ahead.put(batch.ordinal(), new Stored(batch.range(), batch.records()));
        for (Stored each = ahead.remove(next); each != null; each = ahead.remove(++next)) {
            storedInARow += each.records();
        }
        progress.reached(stored);
    }

    /** Waits until every batch that is under way has come to its end. */
    void finish() {
        connections.shutdown();
        try {
            boolean isOver = false;
            while (!isOver) {
                isOver = connections.awaitTermination(1, TimeUnit.MINUTES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted", e);
        }
    }

    /** How many customers are stored. */
    synchronized long stored() {
        return stored;
    }

    /** How many of them by an earlier import. */
    synchronized long storedBefore() {
        return storedBefore;
    }

    /** How many customers are stored before the first batch that is not. */
    synchronized long storedInARow() {
        return storedInARow;
    }

    /** The batches that are not stored or may not be, in the file's order. */
    synchronized List<Failure> failures() {
        return List.copyOf(failures.values());
    }

    /** Which lines are stored behind the first batch that is not. */
    synchronized List<LineRange> linesAhead() {
        List<LineRange> ranges = new ArrayList<>();
        long follows = -1;
        for (Map.Entry<Long, Stored> each : ahead.entrySet()) {
            LineRange lines = each.getValue().lines();
            if (each.getKey() == follows) {
                ranges.add(ranges.remove(ranges.size() - 1).to(lines));
            } else {
                ranges.add(lines);
            }
            follows = each.getKey() + 1;
        }
        return ranges;
    }

    /** Sends nothing more, and waits for what is under way. */
    @Override
    public void close() {
        synchronized (this) {
            isAbandoned = true;
        }
        finish();
    }
}

package com.customerledger.gateway.commands;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Cuts a file's lines into batches. Where a batch of an earlier import still stands in the file as it was, it is cut again,
 * whatever was mended, put in or taken out before it: only so is what is stored already known again.
 *
 * <p>For one thread. Holds the lines of two batches at the most, which are bounded in number and bytes.
 */
final class BatchCutter {

    /** Below the 32 MiB that a ledger takes in one body unless it was told otherwise. */
    static final int BATCH_BYTES_MAX = 24 << 20;

    /** Takes the batches one by one. */
    interface BatchTaker {

        /** Takes the next one; false when it wants no more. */
        boolean take(ImportBatch batch);
    }

    /** A batch of an earlier import that begins with the line at {@code start}, unless only that line looks like its first. */
    private record Candidate(int start, long startBytes, ImportJournal.Entry entry) {}

    private final int recordsMax;
    private final ImportJournal journal;
    private final BatchTaker taker;
    private final List<JsonLines.Line> lines = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private long bytes;
    private long cut;
    private boolean wanted = true;

    BatchCutter(int recordsMax, ImportJournal journal, BatchTaker taker) {
        this.recordsMax = recordsMax;
        this.journal = journal;
        this.taker = taker;
    }

    /** Adds the next line; false when the taker wants no more. */
    boolean add(JsonLines.Line line) {
        if (bytes + line.bytes().length >= BATCH_BYTES_MAX) {
            cutBeforeCandidates();
        }
        for (ImportJournal.Entry entry : journal.beginningWith(line)) {
            candidates.add(new Candidate(lines.size(), bytes, entry));
        }
        lines.add(line);
        bytes += line.bytes().length;
        if (!cutCandidate() && lines.size() >= recordsMax) {
            cutBeforeCandidates();
        }
        return wanted;
    }

    /** Cuts what is left, after the last line; false when the taker wants no more. */
    boolean end() {
        candidates.clear();
        cutBeforeCandidates();
        return wanted;
    }

    /** Cuts the candidate that the last line completes, if it is what it looked like. */
    private boolean cutCandidate() {
        for (Iterator<Candidate> each = candidates.iterator(); each.hasNext(); ) {
            Candidate candidate = each.next();
            int records = lines.size() - candidate.start();
            if (records == candidate.entry().records()) {
                ImportBatch batch = ImportBatch.of(cut, lines.subList(candidate.start(), lines.size()));
                if (batch.key().equals(candidate.entry().key())) {
                    cut(candidate.start());
                    take(batch.knownAs(cut, candidate.entry()));
                    candidates.clear();
                    drop(lines.size());
                    return true;
                }
                each.remove();
            } else if (bytes - candidate.startBytes() > BATCH_BYTES_MAX) {
                each.remove();
            }
        }
        return false;
    }

    private void cutBeforeCandidates() {
        int end = candidates.isEmpty() ? lines.size() : candidates.get(0).start();
        long bytesBefore = bytes;
        cut(end);
        long bytesCut = bytesBefore - bytes;
        candidates.replaceAll(each -> new Candidate(each.start() - end, each.startBytes() - bytesCut, each.entry()));
    }

    /** Cuts the first lines into batches that are no longer than they may be. */
    private void cut(int end) {
        int from = 0;
        long batchBytes = 0;
        for (int i = 0; i < end; i++) {
            int more = lines.get(i).bytes().length;
            if (i > from && (i - from == recordsMax || batchBytes + more >= BATCH_BYTES_MAX)) {
                take(ImportBatch.of(cut, lines.subList(from, i)));
                from = i;
                batchBytes = 0;
            }
            batchBytes += more;
        }
        if (end > from) {
            take(ImportBatch.of(cut, lines.subList(from, end)));
        }
        drop(end);
    }

    private void take(ImportBatch batch) {
        cut++;
        wanted = wanted && taker.take(batch);
    }

    private void drop(int end) {
        List<JsonLines.Line> gone = lines.subList(0, end);
        for (JsonLines.Line line : gone) {
            bytes -= line.bytes().length;
        }
        gone.clear();
    }
}

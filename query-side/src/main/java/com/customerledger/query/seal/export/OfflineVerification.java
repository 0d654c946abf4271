package com.customerledger.query.seal.export;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditProgress;
import com.customerledger.events.audit.ExportVerdict;
import com.customerledger.query.seal.export.LineReader.Line;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.TreeHash;
import com.customerledger.query.seal.log.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Verifies one export with nothing but a key: that each line is one that an export writes, that each event is the one
 * that was sealed at its place in the head's tree, that the numbers run without a gap from the first to the last one that
 * the key's owner signed for, and that nothing is missing at the end. For one file and one thread.
 */
final class OfflineVerification {

    private final LineReader reader;
    private final String publicKey;
    private final AuditProgress progress;
    private final Sha256 before = new Sha256();
    private final List<String> faults = new ArrayList<>();
    private long faultsInAll;

    OfflineVerification(InputStream export, String publicKey, AuditProgress progress) {
        this.reader = new LineReader(export);
        this.publicKey = publicKey;
        this.progress = progress;
    }

    ExportVerdict run() throws IOException {
        try {
            return verify();
        } catch (BrokenException e) {
            fault(String.valueOf(e.getMessage()));
            return verdict("It could not be read to its end", 0);
        }
    }

    private ExportVerdict verify() throws IOException, BrokenException {
        Line first = reader.next();
        if (first == null) {
            throw new BrokenException("line 1: the file is empty");
        }
        Header header;
        VerifierKey key;
        Checkpoint head;
        try {
            header = header(first);
            key = key(header.origin());
            head = head(header, key);
        } catch (BrokenException e) {
            throw new BrokenException("line 1: " + e.getMessage(), e);
        }
        before.add(first.bytes());
        long last = names(first.number());
        progress.begins("verifying", Math.max(0, header.last() - header.first() + 1));
        Checking checking = new Checking(header, head);
        Line line = reader.next();
        while (line != null && !isStatement(line)) {
            event(line, checking);
            progress.reached(checking.events());
            last = line.number();
            line = reader.next();
        }
        if (line == null) {
            fault("line " + last + ": the file ends here, without the statement at its end: it is cut off");
            return verdict(summary(header, head), checking.events());
        }
        statement(line, header, key, head, checking);
        Line behind = reader.next();
        if (behind != null) {
            fault(behind, "it stands behind the statement");
        }
        return verdict(summary(header, head), checking.events());
    }

    private Header header(Line line) throws BrokenException {
        Lines format = reader.format();
        if (format == null) {
            throw new BrokenException("it is not the first line of an export");
        }
        if (!line.isWhole()) {
            throw new BrokenException("the file ends within it: it is cut off");
        }
        return format.header(reader.text(line));
    }

    private VerifierKey key(String origin) throws BrokenException {
        VerifierKey key;
        try {
            key = publicKey.contains("-----BEGIN")
                    ? VerifierKey.ofPem(origin, publicKey)
                    : VerifierKey.parse(publicKey.strip());
        } catch (MalformedException e) {
            if (!VerifierKey.isName(origin)) {
                throw new BrokenException("its origin is not a log's name", e);
            }
            throw new AuditException("The key can't be read: " + e.getMessage(), e);
        }
        if (!key.name().equals(origin)) {
            throw new BrokenException("its head is of " + origin + ", and the key is that of " + key.name());
        }
        return key;
    }

    private Checkpoint head(Header header, VerifierKey key) throws BrokenException {
        try {
            SignedNote note = SignedNote.parse(header.head());
            Checkpoint head = Checkpoint.parse(note.text());
            if (!note.isSignedBy(key)) {
                // The lines below can still be compared with it.
                fault("line 1: its head is not signed by the key");
            }
            if (!head.origin().equals(header.origin())) {
                fault("line 1: its head is of another log than its origin");
            }
            return head;
        } catch (MalformedException e) {
            throw new BrokenException("its head can't be read: " + e.getMessage(), e);
        }
    }

    /** The number of the last line before the events. */
    private long names(long behind) throws IOException, BrokenException {
        String names = format().names();
        if (names == null) {
            return behind;
        }
        Line line = reader.next();
        if (line == null) {
            throw new BrokenException("line " + behind + ": the file ends here: it is cut off");
        }
        if (!line.isWhole()) {
            throw new BrokenException("line " + line.number() + ": the file ends within it: it is cut off");
        }
        String read;
        try {
            read = reader.text(line);
        } catch (BrokenException e) {
            throw new BrokenException("line " + line.number() + ": " + e.getMessage(), e);
        }
        if (!read.equals(names)) {
            throw new BrokenException("line " + line.number() + ": it does not have the columns' names");
        }
        before.add(line.bytes());
        return line.number();
    }

    private boolean isStatement(Line line) {
        try {
            return format().isStatement(reader.text(line));
        } catch (BrokenException e) {
            // Said when it is read as an event.
            return false;
        }
    }

    private void event(Line line, Checking checking) {
        before.add(line.bytes());
        if (!line.isWhole()) {
            fault(line, "the file ends within it: it is cut off");
            return;
        }
        String fault;
        try {
            fault = checking.fault(format().event(reader.text(line)));
        } catch (BrokenException e) {
            fault = e.getMessage();
        }
        if (fault != null) {
            fault(line, fault);
        }
    }

    private void statement(Line line, Header header, VerifierKey key, Checkpoint head, Checking checking) {
        Statement statement;
        try {
            if (!line.isWhole()) {
                throw new BrokenException("the file ends within it: it is cut off");
            }
            SignedNote note = SignedNote.parse(format().note(reader.text(line)));
            if (!note.isSignedBy(key)) {
                throw new BrokenException("the statement is not signed by the key");
            }
            statement = Statement.of(note.text());
        } catch (MalformedException | BrokenException e) {
            fault(line, String.valueOf(e.getMessage()));
            return;
        }
        if (!header.merchantId().equals(statement.merchantId())
                || header.first() != statement.first()
                || header.last() != statement.last()
                || header.epoch() != statement.epoch()
                || !head.equals(statement.head())) {
            fault("line 1: it does not say what the signed statement in line " + line.number() + " says");
        }
        if (checking.next() != statement.last() + 1) {
            fault(
                    line,
                    "the events before it end with the number " + (checking.next() - 1) + ", and the statement is for "
                            + statement.first() + " to " + statement.last());
        }
        if (faultsInAll == 0 && !before.hex().equals(statement.sha256())) {
            // Every other byte has been looked at by now.
            fault("line 1: it does not ask for what was asked for when the statement was signed");
        }
    }

    private Lines format() {
        Lines format = reader.format();
        if (format == null) {
            throw new IllegalStateException("no line was read yet");
        }
        return format;
    }

    private void fault(Line line, String what) {
        fault("line " + line.number() + ": " + what);
    }

    private void fault(String fault) {
        faultsInAll++;
        if (faults.size() < ExportVerdict.FAULTS_MAX) {
            faults.add(fault);
        }
    }

    private static String summary(Header header, Checkpoint head) {
        return String.format(
                Locale.ROOT,
                "Events %d to %d of merchant %s under the head of %s at %d, root %s",
                header.first(),
                header.last(),
                header.merchantId(),
                head.origin(),
                head.size(),
                HexFormat.of().formatHex(head.root(), 0, TreeHash.LENGTH));
    }

    private ExportVerdict verdict(String summary, long events) {
        return new ExportVerdict(summary, events, List.copyOf(faults), faultsInAll);
    }
}

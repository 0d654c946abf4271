package com.customerledger.query.seal.export;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditProgress;
import com.customerledger.events.audit.ExportRequest;
import com.customerledger.events.audit.Exported;
import com.customerledger.query.seal.SealedTree;
import com.customerledger.query.seal.SignedHead;
import com.customerledger.query.seal.export.ExportFile.Found;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.SigningKey;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One export. For one connection and one thread. */
final class Export {

    private static final int BUFFER_BYTES = 256 << 10;

    private final SealedTree tree;
    private final SealedEvents events;
    private final Path sealKey;
    private final ExportRequest request;
    private final Lines format;
    private final AuditProgress progress;

    Export(Connection connection, Path sealKey, ExportRequest request, AuditProgress progress) {
        this.tree = new SealedTree(connection);
        this.events = new SealedEvents(connection, tree);
        this.sealKey = sealKey;
        this.request = request;
        this.format = Lines.of(request.format());
        this.progress = progress;
    }

    /** All that is asked for, from the first line. */
    Exported to(OutputStream out) throws IOException, SQLException {
        return write(out, Found.nothing());
    }

    /** All that is asked for and not there yet. */
    Exported to(ExportFile file) throws IOException, SQLException {
        Found found = file.find(request, format, progress);
        Statement statement = found.statement();
        if (statement != null) {
            return new Exported(
                    statement.first(),
                    statement.last(),
                    statement.newest(),
                    statement.head().size(),
                    0,
                    true);
        }
        Exported exported = write(file.append(), found);
        file.force();
        return exported;
    }

    private Exported write(OutputStream file, Found found) throws IOException, SQLException {
        SignedHead head = head(found.header());
        SigningKey key = key(head);
        int merchant = merchant();
        long newest = events.newestNumber(merchant, head.checkpoint().size());
        Header header = header(head, newest);
        if (found.header() != null && !found.header().equals(header)) {
            throw new AuditException("The file does not begin as this request begins; name another file");
        }
        Sha256 before = found.before();
        OutputStream out = new BufferedOutputStream(file, BUFFER_BYTES);
        long next = found.next();
        if (found.header() == null) {
            line(out, before, format.header(header));
            next = header.first();
        }
        String names = format.names();
        if (names != null && !found.isNamed()) {
            line(out, before, names);
        }
        long began = next;
        progress.begins("exporting", header.last() - began + 1);
        while (next <= header.last()) {
            for (ExportedEvent event : events.read(merchant, next, header.last(), head)) {
                line(out, before, format.written(event));
                next++;
            }
            progress.reached(next - began);
        }
        Statement statement = new Statement(
                header.merchantId(),
                header.first(),
                header.last(),
                newest,
                header.epoch(),
                before.hex(),
                head.checkpoint());
        String note = SignedNote.sign(statement.text(), key).toString();
        out.write((format.statement(note) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return new Exported(
                header.first(), header.last(), newest, head.checkpoint().size(), next - began, false);
    }

    private static void line(OutputStream out, Sha256 before, String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        before.add(bytes);
        out.write(bytes);
    }

    private SignedHead head(@Nullable Header begun) throws SQLException {
        if (begun == null) {
            return Pinning.head(events, tree, progress);
        }
        SignedHead head = tree.read(begun.epoch(), begun.head());
        if (head == null || !head.key().name().equals(begun.origin())) {
            throw new AuditException(
                    "The file was begun under a head that is none of this ledger's; name another file");
        }
        return head;
    }

    private SigningKey key(SignedHead head) throws IOException {
        if (!Files.isRegularFile(sealKey)) {
            throw new AuditException("The statement can't be signed: " + sealKey + " is missing");
        }
        SigningKey key;
        try {
            key = SigningKey.ofPem(head.key().name(), Files.readString(sealKey));
        } catch (MalformedException e) {
            throw new AuditException("The statement can't be signed: " + sealKey + " holds no Ed25519 key", e);
        }
        if (!key.verifierKey().equals(head.key())) {
            throw new AuditException("The statement can't be signed: " + sealKey + " is not the key of this ledger");
        }
        return key;
    }

    private int merchant() throws SQLException {
        Integer merchant = events.merchant(request.merchantId());
        if (merchant == null) {
            throw new AuditException("There are no events of the merchant " + request.merchantId());
        }
        return merchant;
    }

    private Header header(SignedHead head, long newest) {
        Long from = request.from();
        Long to = request.to();
        long first = from == null ? 1 : from;
        if (first > newest) {
            throw new AuditException("The merchant's newest event has the number " + newest);
        }
        return new Header(
                request.merchantId(),
                from,
                to,
                first,
                to == null ? newest : Math.min(to, newest),
                head.epoch(),
                head.key().name(),
                head.note());
    }
}

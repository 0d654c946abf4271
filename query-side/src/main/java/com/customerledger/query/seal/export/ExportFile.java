package com.customerledger.query.seal.export;

import com.customerledger.events.audit.AuditException;
import com.customerledger.events.audit.AuditProgress;
import com.customerledger.events.audit.ExportRequest;
import com.customerledger.query.seal.export.LineReader.Line;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that an export is written to, and what an earlier run of the same request left there. Others are kept out
 * meanwhile. For one thread.
 */
final class ExportFile implements AutoCloseable {

    private final FileChannel channel;
    private final Path path;

    private ExportFile(FileChannel channel, Path path) {
        this.channel = channel;
        this.path = path;
    }

    /** Opens it, for its owner only where it is made. */
    static ExportFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            throw new AuditException("Another export writes to " + path, e);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new AuditException("Another export writes to " + path);
        }
        return new ExportFile(channel, path);
    }

    /**
     * What was written before.
     *
     * @param header its first line, or null when there is none
     * @param isNamed whether the columns' names are there
     * @param next the number that is due
     * @param statement its last line's statement, or null when it is not finished
     * @param before the hash so far, of every whole line
     */
    record Found(
            @Nullable Header header,
            boolean isNamed,
            long next,
            @Nullable Statement statement,
            Sha256 before) {

        static Found nothing() {
            return new Found(null, false, 0, null, new Sha256());
        }
    }

    /**
     * Looks what is there, and cuts off a line that was not written to its end. A file without a whole line is begun anew.
     *
     * @throws AuditException when it was begun by another request or is no export, which is then left as it is
     */
    Found find(ExportRequest request, Lines format, AuditProgress progress) throws IOException {
        LineReader reader = new LineReader(Channels.newInputStream(channel.position(0)));
        long line = 1;
        try {
            Line first = reader.next();
            if (first == null || (!first.isWhole() && canBeBegun(first, format))) {
                channel.truncate(0);
                return Found.nothing();
            }
            if (reader.format() != format || !first.isWhole()) {
                throw new AuditException(path + " is not an export that was begun by this request; name another file");
            }
            Header header = format.header(reader.text(first));
            require(header, request);
            Checkpoint head = Checkpoint.parse(SignedNote.parse(header.head()).text());
            Sha256 before = new Sha256();
            before.add(first.bytes());
            Checking checking = new Checking(header, head);
            progress.begins("reading " + path, header.last() - header.first() + 1);
            Statement statement = null;
            boolean named = format.names() == null;
            Line each = reader.next();
            while (each != null && each.isWhole()) {
                line = each.number();
                String text = reader.text(each);
                if (statement != null) {
                    throw new BrokenException("it stands behind the statement");
                } else if (!named) {
                    if (!text.equals(format.names())) {
                        throw new BrokenException("it does not have the columns' names");
                    }
                    named = true;
                } else if (format.isStatement(text)) {
                    statement = Statement.of(SignedNote.parse(format.note(text)).text());
                } else {
                    String fault = checking.fault(format.event(text));
                    if (fault != null) {
                        throw new BrokenException(fault);
                    }
                }
                if (statement == null) {
                    before.add(each.bytes());
                }
                progress.reached(checking.events());
                each = reader.next();
            }
            if (each != null) {
                channel.truncate(each.begin());
            }
            return new Found(header, named, checking.next(), statement, before);
        } catch (BrokenException | MalformedException e) {
            throw new AuditException(
                    path + " can't be gone on with, line " + line + ": " + e.getMessage() + "; name another file", e);
        }
    }

    /** Whether a first line without an end is how a first line of ours begins. */
    private static boolean canBeBegun(Line first, Lines format) {
        String ours = format.wrapped("{\"format\":\"" + Header.FORMAT + "\",");
        byte[] begin = ours.substring(0, ours.lastIndexOf(',') + 1).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(begin.length, first.bytes().length);
        return Arrays.equals(begin, 0, length, first.bytes(), 0, length);
    }

    private void require(Header header, ExportRequest request) {
        if (!header.merchantId().equals(request.merchantId())
                || !Objects.equals(header.from(), request.from())
                || !Objects.equals(header.to(), request.to())) {
            throw new AuditException(path + " was begun by another request; name another file");
        }
    }

    /** Writes behind what is there. */
    OutputStream append() throws IOException {
        return Channels.newOutputStream(channel.position(channel.size()));
    }

    /** Waits until all is on the disk. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

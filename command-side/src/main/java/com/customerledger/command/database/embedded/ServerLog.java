package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * PostgreSQL's log, which the server appends to through a descriptor that we opened for it: it may not be allowed to reach the file by
 * name, and it outlives us. So the log is shortened in place and not renamed. Used by one thread at a time.
 */
final class ServerLog {

    /** Beyond this the log becomes {@code postgres.log.1}, of which there is one. Looked at every few seconds. */
    static final long LOG_BYTES_MAX = 16L * 1024 * 1024;

    private final Path file;

    ServerLog(Path file) {
        this.file = file;
    }

    ProcessBuilder.Redirect redirect() {
        try (FileChannel made = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            made.force(false);
            return ProcessBuilder.Redirect.appendTo(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    long size() {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    void bound() {
        if (size() <= LOG_BYTES_MAX) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Files.copy(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            // What is logged between the copy and this is lost, which a log can bear.
            channel.truncate(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot shorten " + file, e);
        }
    }

    /** The last bytes of what was logged from a position on. */
    String since(long position, int bytesMax) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = channel.size();
            long start = Math.max(Math.min(position, end), end - bytesMax);
            ByteBuffer bytes = ByteBuffer.allocate((int) (end - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                // Reads until the buffer is full or the file ends.
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}

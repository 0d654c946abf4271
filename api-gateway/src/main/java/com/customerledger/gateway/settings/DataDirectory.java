package com.customerledger.gateway.settings;

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
import java.util.Optional;
import java.util.Set;
import org.springframework.core.env.Environment;

/**
 * The gateway's files in {@code ledger.data-dir}. Only their owner may read them. For one process at a time; thread-safe
 * within it.
 *
 * @param path the directory; made with mode 700 when the first file is written, where it is missing
 */
public record DataDirectory(Path path) {

    /** Key and secret of the merchant that one can try the ledger with. */
    public static final String DEMO_CREDENTIALS = "demo.credentials";

    /** Name and password for the operators' port. */
    public static final String OPERATOR_CREDENTIALS = "operator.credentials";

    /** The address of the operators' port. */
    public static final String OPERATOR_URL = "operator.url";

    private static final int FILE_CHARACTERS_MAX = 4_096;

    public DataDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** The directory that the settings name. */
    public static DataDirectory of(Environment settings) {
        return new DataDirectory(Path.of(settings.getProperty("ledger.data-dir", "data")));
    }

    /** Where that file is or would be. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /**
     * The text of a file without the blanks around it, or nothing where there is no such file.
     *
     * @throws UncheckedIOException when it can't be read
     */
    public Optional<String> read(String name) {
        Path file = file(name);
        try {
            if (Files.size(file) > FILE_CHARACTERS_MAX) {
                throw new IOException(file + " is not a file that the ledger wrote: it is too large");
            }
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("Can't read " + file, failure);
        }
    }

    /**
     * Writes or replaces a file of mode 600, with a line feed at its end. It appears whole or not at all, and stays even
     * if the power fails right after.
     *
     * @throws UncheckedIOException when it can't be written
     */
    public synchronized void write(String name, String text) {
        Path file = file(name);
        Path unfinished = path.resolve("." + name + ".new");
        try {
            if (Files.notExists(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.deleteIfExists(unfinished);
            try (FileChannel out = FileChannel.open(
                    unfinished,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("Can't write " + file, failure);
        }
    }

    /**
     * Removes a file that still has the text that this process wrote.
     *
     * @throws UncheckedIOException when it can't be removed
     */
    public synchronized void remove(String name, String text) {
        if (read(name).filter(text::equals).isPresent()) {
            try {
                Files.deleteIfExists(file(name));
            } catch (IOException failure) {
                throw new UncheckedIOException("Can't remove " + file(name), failure);
            }
        }
    }
}

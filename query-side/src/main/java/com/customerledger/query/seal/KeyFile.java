package com.customerledger.query.seal;

import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file that holds the private key which signs the tree's heads: PEM (PKCS #8), mode 600. */
final class KeyFile {

    private final Path file;

    KeyFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    Path path() {
        return file;
    }

    /**
     * The key, to sign in that name; null where there is no such file.
     *
     * @throws SealException when the file can't be read or holds no Ed25519 key
     */
    @Nullable SigningKey read(String name) {
        try {
            return Files.exists(file) ? SigningKey.ofPem(name, Files.readString(file)) : null;
        } catch (MalformedException | IOException e) {
            throw new SealException(file + " holds no Ed25519 private key that can be read", e);
        }
    }

    /**
     * The key that is there, or a new one that is there from now on, a power cut included.
     *
     * @throws SealException when it can't be read or written
     */
    SigningKey readOrMake(String name) {
        SigningKey there = read(name);
        if (there != null) {
            return there;
        }
        try {
            SigningKey made = SigningKey.generate(name);
            write(made.pem());
            return made;
        } catch (MalformedException e) {
            throw new SealException("a key can't be named " + name, e);
        } catch (FileAlreadyExistsException e) {
            SigningKey another = read(name);
            if (another == null) {
                throw new SealException(file + " comes and goes", e);
            }
            return another;
        } catch (IOException e) {
            throw new SealException(file + " can't be written", e);
        }
    }

    private void write(String pem) throws IOException {
        Path directory = parent();
        Path unfinished = directory.resolve(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.deleteIfExists(unfinished);
            try (FileChannel out = FileChannel.open(
                    unfinished,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            // A link, not a move: a key that another process has made meanwhile is not to be replaced.
            Files.createLink(file, unfinished);
            try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (UnsupportedOperationException e) {
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Path parent() {
        Path parent = file.getParent();
        if (parent == null) {
            throw new UncheckedIOException(new IOException(file + " is no file"));
        }
        return parent;
    }
}

package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked from the archive on the class path into a directory whose name tells the archive's hash. They are
 * unpacked beside their place and renamed, so several processes may do so at once. Immutable.
 *
 * @param directory where {@code bin}, {@code lib} and {@code share} lie
 * @param major PostgreSQL's major version, which an existing cluster must have too
 * @param version the full version, for messages
 */
record PostgresBinaries(Path directory, String major, String version) {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final String NAME_PREFIX = "customer-ledger-postgresql-";
    private static final String UNPACKING_PREFIX = "customer-ledger-unpacking-";
    private static final String MANIFEST = "MANIFEST";
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);
    private static final int NAMES_TRIED_MAX = 8;
    private static final int HASH_CHARACTERS = 16;
    private static final Pattern VERSION = Pattern.compile("postgres \\(PostgreSQL\\) (([0-9]+)[^\\s]*)");

    String postgres() {
        return directory.resolve("bin/postgres").toString();
    }

    String initdb() {
        return directory.resolve("bin/initdb").toString();
    }

    /**
     * Finds the programs whole in the first place that the user can run them from, or unpacks them there.
     *
     * @param own a directory that is the ledger's anyway
     * @param shared directories that others use too, tried after it; they must protect what we put there
     *
     * @throws EmbeddedDatabaseException when there is no such place, or no archive for this machine
     */
    static PostgresBinaries unpackedFor(Launcher launcher, Path own, List<Path> shared) {
        String resource = resource();
        String name = NAME_PREFIX + hash(resource);
        List<String> refused = new ArrayList<>();
        List<Path> places = new ArrayList<>();
        places.add(own);
        places.addAll(shared);
        for (Path place : places) {
            try {
                if (!Files.isDirectory(place)) {
                    refused.add(place + ": is not a directory");
                    continue;
                }
                Path realPlace = place.toRealPath();
                if (!launcher.canEnter(realPlace)) {
                    refused.add(realPlace + ": the user that PostgreSQL runs as cannot enter it");
                    continue;
                }
                if (!place.equals(own) && !isTrusted(realPlace)) {
                    refused.add(realPlace + ": others can replace its entries");
                    continue;
                }
                Path directory = unpacked(resource, name, realPlace);
                ShortRun.Result result = ShortRun.of(launcher.command(
                        List.of(directory.resolve("bin/postgres").toString(), "--version")));
                Matcher matcher = VERSION.matcher(result.output());
                if (result.succeeded() && matcher.find()) {
                    return new PostgresBinaries(directory, matcher.group(2), matcher.group(1));
                }
                refused.add(directory + ": " + result.output().strip());
            } catch (IOException e) {
                refused.add(place + ": " + e);
            }
        }
        throw new EmbeddedDatabaseException(
                "PostgreSQL's programs can be run from none of these places. Set java.io.tmpdir to a directory that every user can enter and run programs from.\n  "
                        + String.join("\n  ", refused));
    }

    /** Keeps what cleans up temporary directories from taking these files for forgotten ones. */
    void touch() {
        FileTime now = FileTime.from(Instant.now());
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile()) {
                        Files.setLastModifiedTime(file, now);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warn("Cannot renew the times of the files below {}", directory, e);
        }
    }

    private static String resource() {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String resource = null;
        if (system.startsWith("Linux")) {
            if (architecture.equals("amd64") || architecture.equals("x86_64")) {
                resource = "/postgres-linux-x86_64.txz";
            } else if (architecture.equals("aarch64") || architecture.equals("arm64")) {
                resource = "/postgres-linux-arm_64.txz";
            }
        }
        if (resource == null || PostgresBinaries.class.getResource(resource) == null) {
            throw new EmbeddedDatabaseException(
                    "No PostgreSQL ships with the ledger for %s on %s. Set LEDGER_DATABASE_URL to a PostgreSQL of your own."
                            .formatted(system, architecture));
        }
        return resource;
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = PostgresBinaries.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new NoSuchFileException(resource);
        }
        return stream;
    }

    private static String hash(String resource) {
        try (InputStream input = open(resource)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Whether nobody but root and this process's user can exchange what lies in the directory. */
    private static boolean isTrusted(Path realDirectory) throws IOException {
        int self = OsUser.current().uid();
        for (Path ancestor = realDirectory; ancestor != null; ancestor = ancestor.getParent()) {
            if (!FileAccess.of(ancestor).protectsEntries(self)) {
                return false;
            }
        }
        return true;
    }

    private static Path unpacked(String resource, String name, Path place) throws IOException {
        removeAbandoned(place);
        for (int attempt = 1; attempt <= NAMES_TRIED_MAX; attempt++) {
            // In a directory such as /tmp somebody else may have taken the name, by accident or in malice; then another
            // one does.
            Path target = place.resolve(attempt == 1 ? name : name + "-" + attempt);
            if (isWhole(target)) {
                return target;
            }
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isOurs(target)) {
                LOG.warn("{} is not ours; taking another name", target);
                continue;
            }
            LOG.info("Unpacking PostgreSQL into {}", target);
            Path unpacking = Files.createTempDirectory(place, UNPACKING_PREFIX);
            try {
                unpack(resource, unpacking);
                putInPlace(unpacking, target);
            } finally {
                FileAccess.deleteTree(unpacking);
            }
            if (isWhole(target)) {
                return target;
            }
        }
        throw new IOException("all names like " + name + " are taken");
    }

    private static void putInPlace(Path unpacked, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            if (isWhole(target)) {
                return;
            }
            // Incomplete, as after something cleaned up temporary files. Moved away first, since a rename replaces no
            // full directory.
            Path damaged = Files.createTempDirectory(target.resolveSibling(""), UNPACKING_PREFIX);
            try {
                Files.move(target, damaged, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException e) {
                LOG.debug("{} was moved away by another process", target, e);
            } finally {
                FileAccess.deleteTree(damaged);
            }
        }
        try {
            Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            LOG.debug("{} was unpacked by another process meanwhile", target, e);
        } catch (IOException e) {
            if (!isWhole(target)) {
                throw e;
            }
        }
    }

    private static boolean isOurs(Path target) throws IOException {
        try {
            return Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)
                    && FileAccess.of(target).isSafeFrom(OsUser.current().uid());
        } catch (NoSuchFileException e) {
            LOG.debug("{} was moved away by another process", target, e);
            return false;
        }
    }

    /** Whether all that was unpacked is still there with its size, in a directory that only we can change. */
    private static boolean isWhole(Path target) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) || !isOurs(target)) {
            return false;
        }
        try {
            for (String line : Files.readAllLines(target.resolve(MANIFEST))) {
                String[] sizeAndName = line.split(" ", 2);
                if (Files.size(target.resolve(sizeAndName[1])) != Long.parseLong(sizeAndName[0])) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            LOG.debug("Something removed {}", e.getMessage(), e);
            return false;
        }
    }

    private static void unpack(String resource, Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (InputStream packed = open(resource);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("The archive leaves its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    makeDirectories(directory, target);
                    continue;
                }
                makeDirectories(directory, target.resolveSibling(""));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
                files.add(target);
            }
        }
        StringBuilder manifest = new StringBuilder(files.size() * 64);
        for (Path file : files) {
            manifest.append(Files.size(file))
                    .append(' ')
                    .append(directory.relativize(file))
                    .append('\n');
        }
        Path written =
                Files.write(directory.resolve(MANIFEST), manifest.toString().getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void makeDirectories(Path root, Path directory) throws IOException {
        Path made = root;
        for (Path part : root.relativize(directory)) {
            made = made.resolve(part);
            if (!made.equals(root) && !Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(made);
                // Set apart from its creation, because the process's umask may take the others' rights away.
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** What a process left that was killed while it unpacked. */
    private static void removeAbandoned(Path place) throws IOException {
        Instant limit = Instant.now().minus(ABANDONED_AFTER);
        int self = OsUser.current().uid();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place, UNPACKING_PREFIX + "*")) {
            for (Path entry : entries) {
                try {
                    if (FileAccess.of(entry).uid() == self
                            && Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                                    .toInstant()
                                    .isBefore(limit)) {
                        FileAccess.deleteTree(entry);
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was put in its place by another process", entry, e);
                }
            }
        }
    }
}

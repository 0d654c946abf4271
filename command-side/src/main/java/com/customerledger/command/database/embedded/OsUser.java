package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operating system's user that PostgreSQL runs as, by number. */
record OsUser(int uid, int gid) {

    private static final List<String> PREFERRED = List.of("postgres", "nobody");
    private static final OsUser NOBODY = new OsUser(65534, 65534);

    /** The user that this process runs as. */
    static OsUser current() {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
            return new OsUser(effective(status, "Uid:"), effective(status, "Gid:"));
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Cannot read /proc/self, which the embedded PostgreSQL needs", e);
        }
    }

    private static int effective(List<String> status, String name) {
        // The line holds the real, the effective, the saved and the file system's number.
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> Integer.parseUnsignedInt(line.strip().split("\\s+", -1)[2]))
                .findFirst()
                .orElseThrow(() -> new EmbeddedDatabaseException("/proc/self/status has no " + name));
    }

    boolean isRoot() {
        return uid == 0;
    }

    /**
     * Whom PostgreSQL runs as. Root runs it as another user: the one that was asked for, else the one whom an existing database belongs to
     * (the list of users may change between two starts), else postgres or nobody. Anybody else runs it as himself.
     */
    static OsUser forServer(@Nullable String wish, Path cluster) {
        OsUser current = current();
        if (!current.isRoot()) {
            return current;
        }
        if (wish != null && !wish.isBlank()) {
            OsUser wished = lookUp(wish.strip())
                    .orElseThrow(() -> new EmbeddedDatabaseException(
                            "There is no user '%s' on this machine to run PostgreSQL as".formatted(wish)));
            if (wished.isRoot()) {
                throw new EmbeddedDatabaseException("PostgreSQL does not run as root; name another user");
            }
            return wished;
        }
        return ownerOf(cluster)
                .or(() -> PREFERRED.stream()
                        .flatMap(name -> lookUp(name).stream())
                        .filter(user -> !user.isRoot())
                        .findFirst())
                .orElse(NOBODY);
    }

    private static Optional<OsUser> ownerOf(Path cluster) {
        if (!Files.isDirectory(cluster)) {
            return Optional.empty();
        }
        try {
            FileAccess access = FileAccess.of(cluster);
            return Optional.of(new OsUser(access.uid(), access.gid())).filter(user -> !user.isRoot());
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Cannot tell whom %s belongs to".formatted(cluster), e);
        }
    }

    private static Optional<OsUser> lookUp(String name) {
        Optional<Integer> uid = id("-u", name);
        Optional<Integer> gid = id("-g", name);
        if (uid.isPresent() && gid.isPresent()) {
            return Optional.of(new OsUser(uid.get(), gid.get()));
        }
        if (name.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(name);
            return Optional.of(new OsUser(number, number));
        }
        return Optional.empty();
    }

    private static Optional<Integer> id(String option, String name) {
        return ShortRun.find("id")
                .map(tool -> ShortRun.of(List.of(tool, option, "--", name)))
                .filter(result -> result.succeeded() && result.output().strip().matches("[0-9]{1,9}"))
                .map(result -> Integer.parseInt(result.output().strip()));
    }
}

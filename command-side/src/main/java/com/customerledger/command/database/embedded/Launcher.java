package com.customerledger.command.database.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How PostgreSQL's programs are started: as the user they run as, and stopped by the kernel when the thread that started them ends, where
 * the machine's tools can do that. All of these tools replace themselves by the program, so that its process is our child. Immutable.
 *
 * @param user whom the programs run as
 * @param prefix the command line that goes before a program's own
 */
record Launcher(OsUser user, List<String> prefix) {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    /**
     * Finds out by trial which of the machine's tools can start a program as the user.
     *
     * @throws EmbeddedDatabaseException when there is none
     */
    static Launcher forUser(OsUser user) {
        boolean change = OsUser.current().uid() != user.uid();
        List<List<String>> candidates = new ArrayList<>();
        Optional<String> setpriv = ShortRun.find("setpriv");
        String uid = Integer.toString(user.uid());
        String gid = Integer.toString(user.gid());
        setpriv.ifPresent(tool -> {
            List<String> dropping =
                    change ? List.of(tool, "--reuid", uid, "--regid", gid, "--clear-groups") : List.of(tool);
            candidates.add(with(dropping, "--pdeathsig", "INT", "--"));
            candidates.add(with(dropping, "--"));
        });
        if (change) {
            ShortRun.find("chroot")
                    .ifPresent(tool -> candidates.add(
                            List.of(tool, "--userspec=" + uid + ":" + gid, "--groups=", "--skip-chdir", "/")));
        } else {
            candidates.add(List.of());
        }
        List<String> failures = new ArrayList<>();
        for (List<String> candidate : candidates) {
            ShortRun.Result result = ShortRun.of(with(candidate, "/bin/sh", "-c", "umask"));
            if (result.succeeded()) {
                return new Launcher(user, candidate);
            }
            LOG.debug("{} does not work here: {}", candidate, result.output());
            failures.add(result.output().strip());
        }
        throw new EmbeddedDatabaseException(
                "PostgreSQL does not run as root, and this machine cannot start it as another user (number %d): neither 'setpriv' nor 'chroot' works here. Run the ledger as an ordinary user, or install util-linux. %s"
                        .formatted(user.uid(), String.join("; ", failures)));
    }

    /** The command line that runs a program in this process's session. */
    List<String> command(List<String> program) {
        return with(prefix, program.toArray(String[]::new));
    }

    /** The command line that runs a program in a session of its own, which a signal to our process group does not reach. */
    List<String> detachedCommand(List<String> program) {
        List<String> command = new ArrayList<>();
        ShortRun.find("setsid").ifPresent(command::add);
        command.addAll(command(program));
        return command;
    }

    /** Whether the user may go through a directory and all those above it, asked of the kernel and not worked out. */
    boolean canEnter(Path directory) {
        return ShortRun.of(command(List.of("/bin/sh", "-c", "test -x \"$0\"", directory.toString())))
                .succeeded();
    }

    private static List<String> with(List<String> start, String... rest) {
        List<String> all = new ArrayList<>(start);
        all.addAll(List.of(rest));
        return List.copyOf(all);
    }
}

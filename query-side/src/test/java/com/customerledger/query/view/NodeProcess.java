package com.customerledger.query.view;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A node with one view in a process of its own, which can be killed. */
final class NodeProcess {

    static final String TALLY = "tally";
    static final String NUMBERED = "numbered";

    private NodeProcess() {}

    /**
     * Starts one.
     *
     * @param view the name of one of the tests' views
     */
    static Process start(LedgerDatabase database, String view) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-XX:TieredStopAtLevel=1",
                        NodeProcess.class.getName(),
                        database.url(),
                        database.owner().user(),
                        database.owner().password(),
                        database.application().user(),
                        database.application().password(),
                        view)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("target", view + "-node.log")))
                .start();
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        LedgerDatabase database =
                new LedgerDatabase(args[0], new Role(args[1], args[2]), new Role(args[3], args[4]), false);
        try (TestNode node = new TestNode(new TestStore(database), List.of(view(args[5])))) {
            Thread.currentThread().join();
        }
    }

    private static View view(String name) {
        return switch (name) {
            case TALLY -> new Tally();
            case NUMBERED -> new Numbered(1);
            default -> throw new IllegalArgumentException(name);
        };
    }
}

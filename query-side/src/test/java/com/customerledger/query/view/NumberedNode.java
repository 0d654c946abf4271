package com.customerledger.query.view;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.database.LedgerDatabase.Role;
import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A node in a process of its own, which can be killed. */
final class NumberedNode {

    private NumberedNode() {}

    static Process start(LedgerDatabase database) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-XX:TieredStopAtLevel=1",
                        NumberedNode.class.getName(),
                        database.url(),
                        database.owner().user(),
                        database.owner().password(),
                        database.application().user(),
                        database.application().password())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("target", "numbered-node.log")))
                .start();
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        LedgerDatabase database =
                new LedgerDatabase(args[0], new Role(args[1], args[2]), new Role(args[3], args[4]), false);
        try (TestNode node = new TestNode(new TestStore(database), List.of(new Numbered(1)))) {
            Thread.currentThread().join();
        }
    }
}

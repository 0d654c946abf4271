package com.customerledger.command.database.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A ledger process as far as its database goes. Tests start it in a JVM of its own and kill it. */
final class ServerProcess {

    /** Printed, with the server's process number, when the database takes connections. */
    static final String READY = "READY ";

    private ServerProcess() {}

    /**
     * Runs until its standard input ends.
     *
     * @param arguments the data directory, and where PostgreSQL's programs are unpacked, if not there
     */
    public static void main(String... arguments) throws IOException {
        Path binaries = arguments.length > 1 ? Path.of(arguments[1]) : null;
        try (DataDirectory data = DataDirectory.openForServe(Path.of(arguments[0]));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, new ServerSettings(null, true, binaries))) {
            System.out.println(READY + postgres.serverPid());
            while (System.in.read() >= 0) {
                // Whatever is said, only its end counts.
            }
        }
    }
}

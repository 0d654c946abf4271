package com.customerledger.gateway.keys;

import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.settings.DataDirectory;
import java.io.PrintStream;

/**
 * Makes, at the first start on a database of the ledger's own, the merchant that one can try it with, and his key.
 *
 * <p>A start can be killed between any two steps, so their order matters: the credentials are in their file before anybody
 * is told of them, and they are told before the database has them. Until the database has them the next start takes them
 * from the file and goes on; so what was ever shown works in the end, and a merchant who is in the database has his file.
 */
final class FirstStart {

    /** The merchant's name. */
    static final String MERCHANT = "demo";

    private final GatewayDatabase database;
    private final DataDirectory directory;
    private final PrintStream out;

    FirstStart(GatewayDatabase database, DataDirectory directory, PrintStream out) {
        this.database = database;
        this.directory = directory;
        this.out = out;
    }

    /** Sees to it that the first start has come to its end, be it this start or an earlier one. */
    void end() {
        if (!database.ask(KeyTable::firstStartEnded)) {
            Credentials demo = credentials();
            announce(demo);
            database.inTransaction(client -> {
                KeyTable.insert(client, demo, KeyTable.merchant(client, MERCHANT), MERCHANT, Kind.READ_WRITE, null);
                KeyTable.endFirstStart(client);
                return demo;
            });
        }
    }

    /** Those of a start that was killed, or new ones. */
    Credentials credentials() {
        return directory
                .read(DataDirectory.DEMO_CREDENTIALS)
                .flatMap(Credentials::parse)
                .orElseGet(() -> {
                    Credentials made = Credentials.random();
                    directory.write(DataDirectory.DEMO_CREDENTIALS, made.text());
                    return made;
                });
    }

    void announce(Credentials demo) {
        out.println("The merchant " + MERCHANT + " may try the ledger with this key and secret, which are also in "
                + directory.file(DataDirectory.DEMO_CREDENTIALS) + ":");
        out.println(demo.text());
        out.flush();
    }
}

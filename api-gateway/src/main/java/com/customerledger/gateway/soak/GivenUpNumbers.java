package com.customerledger.gateway.soak;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.stage.Crew;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A writer that draws numbers as the ledger does, keeps them for a while and rolls back: readers meet the gaps. */
final class GivenUpNumbers {

    /** How long a number that is drawn and given up stays open. */
    private static final int AFTER_MAX_MS = 20;

    private final LedgerDatabase database;
    private final Random random;
    private final AtomicInteger count = new AtomicInteger();

    GivenUpNumbers(LedgerDatabase database, Random random) {
        this.database = database;
        this.random = random;
    }

    /** How many so far. */
    int count() {
        return count.get();
    }

    /** Goes on as long as the crew. */
    void draw(Crew crew) throws SQLException {
        try (Connection connection = Stage.connect(database, database.application());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (crew.goesOn()) {
                statement.execute("LOCK TABLE ledger.events IN ROW EXCLUSIVE MODE");
                statement.execute("SELECT nextval('ledger.transaction_number')");
                statement.execute("SELECT pg_sleep(" + random.nextInt(AFTER_MAX_MS) / 1_000.0 + ")");
                connection.rollback();
                statement.execute("SELECT pg_sleep(0.02)");
                connection.commit();
                count.incrementAndGet();
            }
        }
    }

    /** The same until the database goes away. */
    void drawUntilLost(Crew crew) {
        try {
            draw(crew);
        } catch (SQLException lost) {
            // That is what is to happen: the number's transaction ends with the server's word or without it.
            PlayFailure.unless(lost.getSQLState() != null, () -> "no reason of the database's: " + lost);
        }
    }
}

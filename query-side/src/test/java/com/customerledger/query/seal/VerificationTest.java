package com.customerledger.query.seal;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static com.customerledger.query.TestStore.updated;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.query.TestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {

    private static final int CUSTOMERS = 150;
    private static final int DAMAGES = 40;

    @TempDir
    private Path directory;

    /** As somebody who may do everything in the database. */
    private static void damage(TestStore store, String sql) throws SQLException {
        try (Connection connection = store.connectAsOwner();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    ALTER TABLE ledger.events DISABLE TRIGGER events_never_change;
                    ALTER TABLE seal.leaves DISABLE TRIGGER leaves_never_change;
                    """ + sql);
        }
    }

    private static String oneOf(String table, int place) {
        return " WHERE position = (SELECT position FROM %s ORDER BY position OFFSET %d LIMIT 1)"
                .formatted(table, place);
    }

    @Test
    void oneConnectionAndTwoFindTheSameHoweverTheStoreIsDamaged() throws SQLException {
        try (SealedStore sealed = new SealedStore(directory)) {
            TestStore store = sealed.store();
            for (int i = 0; i < CUSTOMERS; i++) {
                String merchant = i % 4 == 0 ? "mer_two" : TestStore.MERCHANT;
                store.append(created(merchant, "cus_" + i, START.plusSeconds(i), "r" + i));
                store.append(updated("cus_" + i, START.plusSeconds(i), CustomerField.CITY_OR_TOWN, "Kāpa " + i));
            }
            sealed.awaitHead();
            assertThat(judgement(store).intact()).isTrue();

            Random random = new Random(1);
            for (int i = 0; i < DAMAGES; i++) {
                int place = random.nextInt(CUSTOMERS);
                damage(
                        store,
                        switch (random.nextInt(6)) {
                            case 0 -> "DELETE FROM ledger.events" + oneOf("ledger.events", place);
                            case 1 -> "DELETE FROM seal.leaves" + oneOf("seal.leaves", place);
                            case 2 ->
                                "UPDATE ledger.events SET payload = payload || ' '" + oneOf("ledger.events", place);
                            case 3 -> "UPDATE seal.leaves SET hash = sha256(hash)" + oneOf("seal.leaves", place);
                            case 4 -> "UPDATE seal.leaves SET position = position + 1" + oneOf("seal.leaves", place);
                            default ->
                                "UPDATE ledger.events SET position = position + 2" + oneOf("ledger.events", place);
                        });

                assertThat(judgement(store).intact()).isFalse();
            }
        }
    }

    /** What both ways of reading lead to. */
    private static Judgement judgement(TestStore store) throws SQLException {
        List<Judgement> judgements = new ArrayList<>();
        for (boolean both : new boolean[] {false, true}) {
            try (Connection first = store.connect();
                    Connection second = store.connect()) {
                first.setAutoCommit(false);
                second.setAutoCommit(false);
                judgements.add(
                        new Verification(Tables.LEDGER, read -> {}).run(first, both ? second : null, List.of(), null));
            }
        }
        assertThat(judgements.get(1)).isEqualTo(judgements.get(0));
        return judgements.get(0);
    }
}

package com.customerledger.query.seal;

import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.SigningKey;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * An operator's word that events which heads were signed for are lost: after a backup was restored, or the end was cut off.
 * A new epoch begins with what is there. For one use.
 */
final class Rollback {

    // Whoever appends meanwhile finds its view's position moved under it, gives its transaction up and begins anew.
    private static final String CUT = """
            LOCK TABLE seal.leaves IN ACCESS EXCLUSIVE MODE;
            ALTER TABLE seal.leaves DISABLE TRIGGER leaves_never_change;
            ALTER TABLE seal.nodes DISABLE TRIGGER nodes_never_change;
            DELETE FROM seal.leaves WHERE leaf_index >= %1$d;
            DELETE FROM seal.nodes WHERE (node_index + 1) * power(256, level) > %1$d;
            ALTER TABLE seal.leaves ENABLE TRIGGER leaves_never_change;
            ALTER TABLE seal.nodes ENABLE TRIGGER nodes_never_change;
            DELETE FROM views.positions p USING views.generations g WHERE g.id = p.generation_id AND g.view = 'seal';
            INSERT INTO views.positions (generation_id, position, certified_from)
            SELECT g.id, newest.position, newest.position
              FROM views.generations g
             CROSS JOIN (SELECT coalesce(max(position), 0) AS position FROM seal.leaves) AS newest
             WHERE g.view = 'seal'
            """;

    // A node that stops writes for what it saw before has either done so by now, or waits and then sees the new epoch.
    private static final String KEEP_FROM_STOPPING = """
            LOCK TABLE ledger.write_stop IN SHARE ROW EXCLUSIVE MODE
            """;

    private static final String WRITE_AGAIN = """
            DELETE FROM ledger.write_stop
            """;

    private final Connection connection;
    private final KeyFile keyFile;
    private final HeadsFile headsFile;

    /**
     * @param connection of the owner's role
     */
    Rollback(Connection connection, KeyFile keyFile, HeadsFile headsFile) {
        this.connection = connection;
        this.keyFile = keyFile;
        this.headsFile = headsFile;
    }

    /** Accepts it, and says what was done. */
    String accept() throws SQLException, IOException {
        SignedNote newest = headsFile.newest();
        String fault = newest == null ? null : Containment.fault(connection, Tables.LEDGER, newest);
        if (newest == null || fault == null) {
            throw new IllegalStateException(
                    "Nothing is lost: the store has all that " + headsFile.path() + " tells of");
        }
        Checkpoint lost = Containment.checkpoint(newest);
        Epoch before = Heads.epoch(connection, Tables.LEDGER);
        if (before == null) {
            throw new IllegalStateException("This is another database, or one from before its first signed head: "
                    + "begin with a data directory of its own");
        }
        int number = before.number() + 1;
        SigningKey key = keyFile.read(Epoch.origin(Epoch.ledger(before.origin()), number));
        if (key == null) {
            throw new IllegalStateException("The new epoch must be signed, and there is no key at " + keyFile.path());
        }
        if (!Arrays.equals(key.verifierKey().bytes(), before.key().bytes())) {
            throw new IllegalStateException(keyFile.path() + " is not the key of this ledger");
        }
        long sealed = Heads.size(connection, Tables.LEDGER);
        long kept = kept(sealed);
        connection.setAutoCommit(false);
        execute(KEEP_FROM_STOPPING);
        if (kept < sealed) {
            execute(CUT.formatted(kept));
        }
        String note = begin(key, before, kept, lost.size());
        execute(WRITE_AGAIN);
        connection.commit();
        headsFile.append(note);
        return "Epoch %d begins with the first %d events; the newest head before was for %d."
                .formatted(number, kept, lost.size());
    }

    /** How many leaves have their events, without a gap. */
    private long kept(long sealed) throws SQLException {
        long size = sealed;
        long kept = Containment.kept(connection, Tables.LEDGER, size);
        while (kept < size) {
            size = kept;
            kept = Containment.kept(connection, Tables.LEDGER, size);
        }
        return size;
    }

    /** Gives the first head of the new epoch. */
    private String begin(SigningKey key, Epoch before, long kept, long lostSize) throws SQLException {
        byte[] root = new StoredNodes(connection, Tables.LEDGER).frontier(kept).root();
        int number = before.number() + 1;
        String statement = EpochStatement.follows(key, before.origin(), kept, root, lostSize);
        Heads.begin(connection, Tables.LEDGER, new Epoch(number, kept, key.verifierKey(), statement));
        String note = SignedNote.sign(new Checkpoint(key.verifierKey().name(), kept, root).text(), key)
                .toString();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Heads.add(connection, Tables.LEDGER, new Head(number, kept, root, note, now));
        return note;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

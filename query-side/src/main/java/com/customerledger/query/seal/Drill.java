package com.customerledger.query.seal;

import com.customerledger.events.EventCodec;
import com.customerledger.events.audit.SealAudit.Score;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.SigningKey;
import com.customerledger.query.tail.RecordedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Attacks a copy of the first events and of their seal, again and again, and asks the verifier each time what it sees. The
 * copy stands in the session's own temporary schema and goes with it; each attack is a transaction that is rolled back.
 * For one thread.
 */
final class Drill {

    /** With fewer there is not enough to cut, swap and insert between. */
    static final int EVENTS_MIN = 20;

    private static final int HEADS = 20;
    private static final int CUT_MAX = 100;
    private static final int VACUUM_EVERY = 25;
    private static final Tables COPY = new Tables("pg_temp.events", "pg_temp");
    private static final String ORIGIN = "customer-ledger/drill/1";

    private static final String COPY_EVENTS = """
            CREATE TEMPORARY TABLE events AS SELECT * FROM ledger.events ORDER BY position LIMIT %d;
            ALTER TABLE pg_temp.events ADD PRIMARY KEY (position);
            CREATE INDEX ON pg_temp.events (aggregate_id, sequence);
            """;

    // Of the seal as much as covers these events and no more.
    private static final String COPY_SEAL = """
            CREATE TEMPORARY TABLE merchants (LIKE seal.merchants INCLUDING ALL);
            INSERT INTO pg_temp.merchants OVERRIDING SYSTEM VALUE SELECT * FROM seal.merchants;
            SELECT setval(pg_get_serial_sequence('pg_temp.merchants', 'merchant'),
                          (SELECT coalesce(max(merchant), 0) + 1 FROM pg_temp.merchants), false);
            CREATE TEMPORARY TABLE leaves (LIKE seal.leaves INCLUDING ALL);
            INSERT INTO pg_temp.leaves
            SELECT * FROM seal.leaves WHERE position <= (SELECT max(position) FROM pg_temp.events);
            CREATE TEMPORARY TABLE nodes (LIKE seal.nodes INCLUDING ALL);
            INSERT INTO pg_temp.nodes
            SELECT * FROM seal.nodes
             WHERE (node_index + 1) * power(256, level) <= (SELECT count(*) FROM pg_temp.leaves);
            CREATE TEMPORARY TABLE epochs (LIKE seal.epochs INCLUDING ALL);
            CREATE TEMPORARY TABLE heads (LIKE seal.heads INCLUDING ALL);
            ANALYZE pg_temp.events; ANALYZE pg_temp.leaves;
            """;

    private static final String UNSEALED = "SELECT " + RecordedEvent.COLUMNS + """
              FROM pg_temp.events
             WHERE position > (SELECT coalesce(max(position), 0) FROM pg_temp.leaves)
             ORDER BY position
            """;

    /** What an attacker does to the events. */
    private enum Attack {
        FLIP_PAYLOAD,
        FLIP_METADATA,
        DELETE_EVENT,
        DELETE_CUSTOMER,
        CUT_TAIL,
        INSERT,
        SWAP,
        CHANGE_TIME,
        /** To the end of an old head, which then is the newest one. */
        REPLAY_OLD_HEAD
    }

    /**
     * What was done.
     *
     * @param positions of the events that are not as they were
     * @param firstIndex the first leaf that is not as it was
     */
    private record Done(Attack attack, Set<Long> positions, long firstIndex) {}

    private final Connection connection;
    private final Random random;
    private final SigningKey key;
    private final SigningKey attackersKey;
    private final List<SignedNote> outside = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();

    /**
     * Copies.
     *
     * @param connection with auto-commit, of a session that is closed afterwards
     * @throws IllegalArgumentException when there are too few events
     */
    Drill(Connection connection, int events, long seed) throws SQLException {
        this.connection = connection;
        this.random = new Random(seed);
        try {
            this.key = SigningKey.generate(ORIGIN);
            this.attackersKey = SigningKey.generate(ORIGIN);
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
        execute(COPY_EVENTS.formatted(events));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT position FROM pg_temp.events ORDER BY position")) {
            while (rows.next()) {
                positions.add(rows.getLong(1));
            }
        }
        if (positions.size() < EVENTS_MIN) {
            throw new IllegalArgumentException(
                    "a drill needs at least " + EVENTS_MIN + " events, and there are " + positions.size());
        }
        execute(COPY_SEAL);
        connection.setAutoCommit(false);
        seal();
        long size = positions.size();
        for (int i = 1; i <= HEADS; i++) {
            sizes.add(size * i / HEADS);
        }
        signHeads(key, sizes);
        outside.addAll(notes());
        connection.commit();
    }

    /** How many events there are. */
    int events() {
        return positions.size();
    }

    /**
     * Attacks.
     *
     * @param sealToo whether the attacker rewrites leaves, tree and heads too
     * @param progress is told of each attack made
     */
    Score attack(int attacks, boolean sealToo, LongConsumer progress) throws SQLException {
        int detected = 0;
        int located = 0;
        List<String> misses = new ArrayList<>();
        for (int i = 1; i <= attacks; i++) {
            Done done = attack(sealToo);
            Judgement verdict = new Verification(COPY, read -> {})
                    .run(connection, outside, key.verifierKey().bytes());
            connection.rollback();
            boolean isLocated = sealToo ? isLocated(verdict, done.firstIndex()) : isLocated(verdict, done.positions());
            detected += verdict.intact() ? 0 : 1;
            located += isLocated ? 1 : 0;
            if (verdict.intact() || !isLocated) {
                misses.add(done + " was " + (verdict.intact() ? "not detected" : "not located: " + verdict.findings()));
            }
            if (i % VACUUM_EVERY == 0) {
                connection.setAutoCommit(true);
                execute("VACUUM pg_temp.events");
                execute("VACUUM pg_temp.leaves");
                connection.setAutoCommit(false);
            }
            progress.accept(i);
        }
        return new Score(attacks, detected, located, misses);
    }

    /** To the event: all of those that were attacked, and no other one. */
    private static boolean isLocated(Judgement verdict, Set<Long> attacked) {
        Set<Long> named = verdict.findings().stream()
                .filter(finding -> finding.kind() != Finding.Kind.SEQUENCE)
                .map(Finding::position)
                .filter(position -> position != Finding.NO_POSITION)
                .collect(Collectors.toSet());
        return named.equals(attacked);
    }

    /** To the range between two outside heads, the nearest ones. */
    private boolean isLocated(Judgement verdict, long firstIndex) {
        long from = 0;
        long to = 0;
        for (long size : sizes) {
            if (size <= firstIndex) {
                from = size;
            } else if (to == 0) {
                to = size;
            }
        }
        long begin = from;
        long end = to;
        return verdict.findings().stream()
                .filter(finding -> finding.kind() == Finding.Kind.REWRITTEN || finding.kind() == Finding.Kind.CUT)
                .anyMatch(finding -> finding.fromSize() == begin && finding.toSize() == end);
    }

    // ---- attacks

    private Done attack(boolean sealToo) throws SQLException {
        Attack[] all = Attack.values();
        // Whoever can't change the seal can't replay a head either.
        Attack attack = all[random.nextInt(sealToo ? all.length : all.length - 1)];
        Done done = attack(attack);
        if (sealToo) {
            rewriteSeal(done.firstIndex());
        }
        return done;
    }

    private Done attack(Attack attack) throws SQLException {
        int index = random.nextInt(positions.size());
        long position = positions.get(index);
        switch (attack) {
            case FLIP_PAYLOAD -> flip("payload", position);
            case FLIP_METADATA -> flip("metadata", position);
            case CHANGE_TIME ->
                change("UPDATE pg_temp.events SET occurred_at = occurred_at + interval '1 microsecond'"
                        + " WHERE position = " + position);
            case DELETE_EVENT -> change("DELETE FROM pg_temp.events WHERE position = " + position);
            case DELETE_CUSTOMER -> {
                return deleteCustomer(position);
            }
            case CUT_TAIL -> {
                int kept = positions.size() - 1 - random.nextInt(Math.min(CUT_MAX, positions.size() - 1));
                return cut(attack, kept);
            }
            case REPLAY_OLD_HEAD -> {
                return cut(attack, (int) (long) sizes.get(random.nextInt(HEADS - 1)));
            }
            case INSERT -> {
                return insert(index);
            }
            case SWAP -> {
                int other = (index + 1 + random.nextInt(positions.size() - 1)) % positions.size();
                return swap(index, other);
            }
        }
        return new Done(attack, Set.of(position), index);
    }

    /** Another letter or digit for one of them, so that it stays a text. */
    private void flip(String column, long position) throws SQLException {
        String text = text("SELECT " + column + " FROM pg_temp.events WHERE position = " + position);
        String flipped;
        do {
            StringBuilder changed = new StringBuilder(text);
            int at;
            do {
                at = random.nextInt(text.length());
            } while (!isPlain(text.charAt(at)));
            changed.setCharAt(at, text.charAt(at) == '0' ? '1' : '0');
            flipped = changed.toString();
        } while (column.equals("payload") && !namesMerchant(flipped));
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE pg_temp.events SET " + column + " = ? WHERE position = " + position)) {
            statement.setString(1, flipped);
            changed(statement.executeUpdate());
        }
    }

    private static boolean isPlain(char character) {
        return character < 128 && Character.isLetterOrDigit(character);
    }

    private static boolean namesMerchant(String payload) {
        try {
            return !EventCodec.merchantId(payload).isEmpty();
        } catch (RuntimeException notEvenAnEvent) {
            return false;
        }
    }

    private Done deleteCustomer(long position) throws SQLException {
        Set<Long> deleted = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        DELETE FROM pg_temp.events
                         WHERE aggregate_id = (SELECT aggregate_id FROM pg_temp.events WHERE position = %d)
                        RETURNING position
                        """.formatted(position))) {
            while (rows.next()) {
                deleted.add(rows.getLong(1));
            }
        }
        long first = deleted.iterator().next();
        return new Done(Attack.DELETE_CUSTOMER, deleted, positions.indexOf(first));
    }

    private Done cut(Attack attack, int kept) throws SQLException {
        change("DELETE FROM pg_temp.events WHERE position >= " + positions.get(kept));
        return new Done(attack, new TreeSet<>(positions.subList(kept, positions.size())), kept);
    }

    /** A copy of an event, of a customer that is not there, where no event stands. */
    private Done insert(int near) throws SQLException {
        int index = near;
        while (index >= positions.size() - 1 || positions.get(index) + 1 == positions.get(index + 1)) {
            index = random.nextInt(positions.size() - 1);
        }
        long free = positions.get(index) + 1;
        change("""
                INSERT INTO pg_temp.events
                SELECT %d, gen_random_uuid(), 'cus_drill', 0, type, revision, occurred_at, payload, metadata
                  FROM pg_temp.events
                 WHERE position = %d
                """.formatted(free, positions.get(near)));
        return new Done(Attack.INSERT, Set.of(free), index + 1);
    }

    private Done swap(int one, int other) throws SQLException {
        long first = positions.get(Math.min(one, other));
        long second = positions.get(Math.max(one, other));
        change("UPDATE pg_temp.events SET position = -1 WHERE position = " + first);
        change("UPDATE pg_temp.events SET position = " + first + " WHERE position = " + second);
        change("UPDATE pg_temp.events SET position = " + second + " WHERE position = -1");
        return new Done(Attack.SWAP, Set.of(first, second), Math.min(one, other));
    }

    /** Leaves, tree and heads as they would be if the events had been so from the beginning; but the key is another. */
    private void rewriteSeal(long firstIndex) throws SQLException {
        execute("""
                DELETE FROM pg_temp.leaves WHERE leaf_index >= %d;
                DELETE FROM pg_temp.nodes WHERE (node_index + 1) * power(256, level) > %d
                """.formatted(firstIndex, firstIndex));
        seal();
        long size = Heads.size(connection, COPY);
        execute("DELETE FROM pg_temp.heads; DELETE FROM pg_temp.epochs");
        signHeads(attackersKey, sizes.stream().filter(each -> each <= size).toList());
    }

    // ---- the copy's seal

    private void seal() throws SQLException {
        List<RecordedEvent> events = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(UNSEALED);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                events.add(RecordedEvent.read(rows));
            }
        }
        new Sealing(COPY).apply(connection, events);
    }

    private void signHeads(SigningKey signer, List<Long> at) throws SQLException {
        Heads.begin(connection, COPY, new Epoch(1, 0, signer.verifierKey(), EpochStatement.begins(signer)));
        StoredNodes nodes = new StoredNodes(connection, COPY);
        for (long size : at) {
            byte[] root = nodes.frontier(size).root();
            String note = SignedNote.sign(new Checkpoint(ORIGIN, size, root).text(), signer)
                    .toString();
            Heads.add(connection, COPY, new Head(1, size, root, note, Instant.EPOCH));
        }
    }

    private List<SignedNote> notes() throws SQLException {
        List<SignedNote> notes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT note FROM pg_temp.heads ORDER BY size")) {
            while (rows.next()) {
                notes.add(SignedNote.parse(rows.getString(1)));
            }
        } catch (MalformedException e) {
            throw new IllegalStateException("written a moment ago", e);
        }
        return notes;
    }

    private void change(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            changed(statement.executeUpdate(sql));
        }
    }

    private static void changed(int rows) {
        if (rows == 0) {
            throw new IllegalStateException("an attack that changes nothing");
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

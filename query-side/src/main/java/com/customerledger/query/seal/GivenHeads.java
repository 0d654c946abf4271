package com.customerledger.query.seal;

import com.customerledger.query.seal.Finding.Kind;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.seal.log.MalformedException;
import com.customerledger.query.seal.log.SignedNote;
import com.customerledger.query.seal.log.VerifierKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The heads to compare with, from outside and from the database, each with its signature tested. */
final class GivenHeads {

    private static final String HEADS = """
            SELECT note, size, root
              FROM seal.heads
             ORDER BY epoch, size
            """;

    private final byte @Nullable [] trustedKey;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, VerifierKey> signers = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final Map<String, GivenHead> heads = new LinkedHashMap<>();
    private int outside;

    private GivenHeads(byte @Nullable [] trustedKey) {
        this.trustedKey = trustedKey;
    }

    /** A head, and what the trees had for a root when they had its size. */
    static final class GivenHead {

        private final Checkpoint checkpoint;
        private byte @Nullable [] ofEvents;
        private byte @Nullable [] ofLeaves;

        private GivenHead(Checkpoint checkpoint) {
            this.checkpoint = checkpoint;
        }

        long size() {
            return checkpoint.size();
        }

        void ofEvents(byte[] root) {
            ofEvents = root;
        }

        void ofLeaves(byte[] root) {
            ofLeaves = root;
        }

        boolean isOfEvents() {
            return Arrays.equals(ofEvents, checkpoint.root());
        }

        boolean isOfLeaves() {
            return Arrays.equals(ofLeaves, checkpoint.root());
        }
    }

    /**
     * Gathers them.
     *
     * @param trustedKey the public key that heads are signed with; null to take the database's word for it
     */
    static GivenHeads gather(
            Connection connection, Tables tables, List<SignedNote> outside, byte @Nullable [] trustedKey)
            throws SQLException {
        GivenHeads given = new GivenHeads(trustedKey);
        given.readEpochs(Heads.epochs(connection, tables));
        for (SignedNote note : outside) {
            given.take(note, " from outside");
        }
        given.outside = given.heads.size();
        Map<String, GivenHead> unseen = new HashMap<>(given.heads);
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(HEADS));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                unseen.remove(given.take(rows));
            }
        }
        if (!unseen.isEmpty()) {
            long last =
                    unseen.values().stream().mapToLong(GivenHead::size).max().orElse(0);
            given.found(
                    last,
                    "%d heads that were signed are not in the database, the newest of them for size %d"
                            .formatted(unseen.size(), last));
        }
        return given;
    }

    /** In the order of their sizes. */
    List<GivenHead> heads() {
        return heads.values().stream()
                .sorted(Comparator.comparingLong(GivenHead::size))
                .toList();
    }

    /** How many came from outside the database. */
    int outside() {
        return outside;
    }

    /** What is wrong with them themselves. */
    List<Finding> findings() {
        return findings;
    }

    private void readEpochs(List<Epoch> epochs) {
        Epoch before = null;
        for (Epoch epoch : epochs) {
            VerifierKey key = trustedKey == null ? epoch.key() : key(epoch.origin(), trustedKey);
            if (!EpochStatement.isValid(epoch, before, key)) {
                found(0, "epoch " + epoch.number() + " is not as the ledger's key has signed it");
                return;
            }
            signers.put(epoch.origin(), key);
            if (before != null) {
                ends.put(before.origin(), epoch.firstSize());
            }
            before = epoch;
        }
    }

    private static VerifierKey key(String origin, byte[] bytes) {
        try {
            return VerifierKey.of(origin, bytes);
        } catch (MalformedException e) {
            throw new SealException("no key can be named " + origin, e);
        }
    }

    /** Takes one of the database's; gives what it says. */
    private String take(ResultSet row) throws SQLException {
        long size = row.getLong(2);
        try {
            SignedNote note = SignedNote.parse(row.getString(1));
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (checkpoint.size() == size && Arrays.equals(checkpoint.root(), row.getBytes(3))) {
                take(note, " in the database");
                return checkpoint.text();
            }
            found(size, "the head for size " + size + " in the database is not what its own note says");
        } catch (MalformedException e) {
            found(size, "the head for size " + size + " in the database is no checkpoint: " + e.getMessage());
        }
        return "";
    }

    private void take(SignedNote note, String where) {
        Checkpoint checkpoint = Containment.checkpoint(note);
        VerifierKey signer = signers.get(checkpoint.origin());
        if (signer == null && trustedKey != null && note.isSignedBy(key(checkpoint.origin(), trustedKey))) {
            // The key was taken from nowhere in the database, so what it signed counts whatever the database says.
            found(checkpoint.size(), checkpoint.origin() + " was signed for, and is no epoch in the database");
            signer = key(checkpoint.origin(), trustedKey);
            signers.put(checkpoint.origin(), signer);
        }
        if (signer == null) {
            found(checkpoint.size(), "the head" + where + " for " + checkpoint + " is of no epoch of this ledger");
        } else if (!note.isSignedBy(signer)) {
            found(checkpoint.size(), "the head" + where + " for " + checkpoint + " is not signed by the ledger's key");
        } else if (checkpoint.size() <= ends.getOrDefault(checkpoint.origin(), Long.MAX_VALUE)) {
            // What lies beyond the end of its epoch was given up for lost by an operator.
            heads.putIfAbsent(checkpoint.text(), new GivenHead(checkpoint));
        }
    }

    private void found(long size, String text) {
        findings.add(new Finding(Kind.HEAD, Finding.NO_POSITION, 0, size, text));
    }
}

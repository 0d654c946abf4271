package com.customerledger.query.seal;

import com.customerledger.query.seal.Finding.Kind;
import com.customerledger.query.seal.GivenHeads.GivenHead;
import com.customerledger.query.seal.log.Frontier;
import com.customerledger.query.seal.log.SignedNote;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads every event again, makes the tree, the merchants' numbers and the customers' sequences anew from them, and
 * compares with the heads that are given. Of the seal's own rows nothing is taken as true: only where they amount to the
 * root that a head was signed for do they tell which event is not the one that was sealed. One pass over events and
 * leaves, in memory that grows by a few bytes a customer. For one use by one thread.
 */
final class Verification {

    /** How many findings are listed. */
    static final int FINDINGS_MAX = 10_000;

    /** Of how many changed events it is asked whether they only changed places. */
    private static final int MOVES_MAX = 300;

    private static final int REPORT_EVERY = 4_096;

    private static final String MERCHANTS = """
            SELECT merchant, merchant_id
              FROM seal.merchants
            """;

    private static final String NODES = """
            SELECT level, node_index, hash
              FROM seal.nodes
            """;

    private static final ByteBuffer NOBODY = ByteBuffer.allocate(0);

    private final Tables tables;
    private final LongConsumer progress;
    private final LeafEncoder encoder = new LeafEncoder();
    private final Frontier leaves = new Frontier();
    /** The tree of the events; the leaves' own as long as each event was sealed as it is, so that it is made once only. */
    private Frontier events = leaves;

    private final Sequences sequences = new Sequences();
    private final Map<Integer, ByteBuffer> merchants = new HashMap<>();
    private final Map<ByteBuffer, Counter> numbers = new HashMap<>();
    private Counter lastCounter = new Counter(NOBODY);
    private final Map<Node, byte[]> nodes = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Changed> changed = new ArrayList<>();
    private final List<SealedRow> withoutLeaf = new ArrayList<>();
    private final List<SealedRow> withoutEvent = new ArrayList<>();
    private List<GivenHead> heads = List.of();
    private int eventsHeads;
    private int leavesHeads;
    private long unlisted;
    private long differing;
    private long unsealed;
    private long missingAtEnd;

    /** A merchant, and how many events it has had. */
    private static final class Counter {

        private final ByteBuffer merchant;
        private long number;

        Counter(ByteBuffer merchant) {
            this.merchant = merchant;
        }
    }

    /** A full subtree's place. */
    private record Node(int level, long index) {}

    /** An event that is not the one that was sealed at its position. */
    private record Changed(SealedRow event, SealedRow leaf) {}

    /**
     * @param progress is told how many events were read
     */
    Verification(Tables tables, LongConsumer progress) {
        this.tables = tables;
        this.progress = progress;
        numbers.put(lastCounter.merchant, lastCounter);
    }

    /**
     * Verifies.
     *
     * @param connection in a transaction of one snapshot, which began after the heads were taken
     * @param outside heads from outside the database
     * @param trustedKey the public key that heads are signed with; null to take the database's word for it
     */
    Judgement run(Connection connection, List<SignedNote> outside, byte @Nullable [] trustedKey) throws SQLException {
        return run(connection, null, outside, trustedKey);
    }

    /**
     * The same in two thirds of the time.
     *
     * @param second another connection, in a transaction of the same snapshot
     */
    Judgement run(
            Connection connection, @Nullable Connection second, List<SignedNote> outside, byte @Nullable [] trustedKey)
            throws SQLException {
        GivenHeads given = GivenHeads.gather(connection, tables, outside, trustedKey);
        given.findings().forEach(this::add);
        heads = given.heads();
        readSeal(connection);
        takeRoots();
        read(
                second == null
                        ? SealedRows.merged(connection, tables)
                        : SealedRows.sideBySide(connection, second, tables));
        end();
        return judge(given.outside());
    }

    private void readSeal(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(MERCHANTS));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                merchants.put(rows.getInt(1), ByteBuffer.wrap(rows.getString(2).getBytes(StandardCharsets.UTF_8)));
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(NODES));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                nodes.put(new Node(rows.getInt(1), rows.getLong(2)), rows.getBytes(3));
            }
        }
    }

    private void read(SealedRows rows) throws SQLException {
        SealedRow event = null;
        SealedRow leaf = null;
        for (SealedRow row = rows.next(); row != null; row = rows.next()) {
            SealedRow waiting = event == null ? leaf : event;
            if (waiting != null && (waiting.position != row.position || (row.isEvent ? event : leaf) != null)) {
                take(event, leaf);
                event = null;
                leaf = null;
            }
            if (row.isEvent) {
                event = row;
            } else {
                leaf = row;
            }
        }
        take(event, leaf);
    }

    /** Takes the event and the leaf of a position; either may be missing. */
    private void take(@Nullable SealedRow event, @Nullable SealedRow leaf) {
        Counter counter = event == null ? lastCounter : counter(event);
        byte[] hash = event == null ? null : event.hash(encoder, event.position, counter.merchant, counter.number);
        boolean asSealed = hash != null && leaf != null && Arrays.equals(hash, leaf.hash);
        if (!asSealed && events == leaves) {
            events = leaves.copy();
        }
        if (leaf != null) {
            takeLeaf(leaf);
        }
        if (event != null && hash != null) {
            if (events != leaves) {
                events.append(hash);
            }
            takeEvent(event, leaf, counter, asSealed);
        } else if (leaf != null) {
            differing++;
            missingAtEnd++;
            if (withoutEvent.size() < FINDINGS_MAX) {
                withoutEvent.add(leaf);
            }
        }
        takeRoots();
    }

    private void takeLeaf(SealedRow leaf) {
        if (leaf.leafIndex != leaves.size()) {
            add(
                    Kind.SEAL,
                    leaf,
                    "leaf %d of the seal stands where leaf %d is due".formatted(leaf.leafIndex, leaves.size()));
        }
        // What was sealed later shows that these should have been sealed too.
        for (SealedRow added : withoutLeaf) {
            add(Kind.ADDED, added, added.named() + " was added");
        }
        unlisted += unsealed - withoutLeaf.size();
        withoutLeaf.clear();
        unsealed = 0;
        leaves.append(leaf.hash, this::compareNode);
    }

    private void compareNode(int level, long index, byte[] hash) {
        byte[] stored = nodes.remove(new Node(level, index));
        if (!Arrays.equals(stored, hash)) {
            long size = leaves.size();
            add(new Finding(
                    Kind.SEAL,
                    Finding.NO_POSITION,
                    0,
                    size,
                    "node %d of level %d of the stored tree is not what its leaves amount to".formatted(index, level)));
        }
    }

    /** The counter of the event's merchant, with this event counted. */
    private Counter counter(SealedRow event) {
        ByteBuffer named = event.merchantId();
        ByteBuffer merchant = named == null ? NOBODY : named;
        Counter counter = lastCounter.merchant.equals(merchant) ? lastCounter : numbers.get(merchant);
        if (counter == null) {
            // The row's bytes are not kept for a merchant's sake.
            counter = new Counter(ByteBuffer.allocate(merchant.remaining())
                    .put(merchant.duplicate())
                    .flip());
            numbers.put(counter.merchant, counter);
        }
        lastCounter = counter;
        counter.number++;
        return counter;
    }

    private void takeEvent(SealedRow event, @Nullable SealedRow leaf, Counter counter, boolean asSealed) {
        missingAtEnd = 0;
        if (leaf == null) {
            unsealed++;
            if (withoutLeaf.size() < FINDINGS_MAX) {
                withoutLeaf.add(event);
            }
        } else {
            ByteBuffer sealed = merchants.getOrDefault(leaf.merchant, NOBODY);
            if (!asSealed) {
                // The numbers behind an event that is missing or added are others, and the events may be as they were.
                if (!Arrays.equals(event.hash(encoder, event.position, sealed, leaf.number), leaf.hash)) {
                    differing++;
                    if (changed.size() < FINDINGS_MAX) {
                        changed.add(new Changed(event, leaf));
                    } else {
                        unlisted++;
                    }
                }
            } else if (leaf.number != counter.number || !sealed.equals(counter.merchant)) {
                add(Kind.SEAL, leaf, "the seal's row for " + event.named() + " has another number or merchant");
            }
        }
        int expected = sequences.expected(event.customerId, event.sequence);
        if (expected != event.sequence) {
            add(Kind.SEQUENCE, event, event.named() + " comes where the customer's event " + expected + " is due");
        }
        if (events.size() % REPORT_EVERY == 0) {
            progress.accept(events.size());
        }
    }

    private void takeRoots() {
        while (eventsHeads < heads.size() && heads.get(eventsHeads).size() <= events.size()) {
            GivenHead head = heads.get(eventsHeads++);
            if (head.size() == events.size()) {
                head.ofEvents(events.root());
            }
        }
        while (leavesHeads < heads.size() && heads.get(leavesHeads).size() <= leaves.size()) {
            GivenHead head = heads.get(leavesHeads++);
            if (head.size() == leaves.size()) {
                head.ofLeaves(leaves.root());
            }
        }
    }

    private void end() {
        progress.accept(events.size());
        nameChanged();
        nameMissing();
        for (Node left : nodes.keySet()) {
            add(new Finding(
                    Kind.SEAL,
                    Finding.NO_POSITION,
                    0,
                    leaves.size(),
                    "node %d of level %d of the stored tree has not enough leaves"
                            .formatted(left.index(), left.level())));
        }
    }

    /** Tells events that took each other's places from those that changed. */
    private void nameChanged() {
        boolean few = changed.size() <= MOVES_MAX;
        for (Changed each : changed) {
            Changed from = few ? movedFrom(each.event()) : null;
            if (from == null) {
                add(
                        Kind.CHANGED,
                        each.event(),
                        each.leaf().leafIndex,
                        each.event().named() + " was changed");
            } else {
                add(
                        Kind.REORDERED,
                        each.event(),
                        each.leaf().leafIndex,
                        each.event().named() + " was sealed at position " + from.leaf().position);
            }
        }
    }

    private @Nullable Changed movedFrom(SealedRow event) {
        for (Changed other : changed) {
            SealedRow leaf = other.leaf();
            ByteBuffer merchant = merchants.getOrDefault(leaf.merchant, NOBODY);
            if (Arrays.equals(event.hash(encoder, leaf.position, merchant, leaf.number), leaf.hash)) {
                return other;
            }
        }
        return null;
    }

    private void nameMissing() {
        for (int i = 0; i < withoutEvent.size(); i++) {
            SealedRow leaf = withoutEvent.get(i);
            boolean cut = i >= withoutEvent.size() - missingAtEnd;
            add(
                    cut ? Kind.CUT : Kind.REMOVED,
                    leaf,
                    "the event at position %d, number %d of merchant %s, was %s"
                            .formatted(
                                    leaf.position,
                                    leaf.number,
                                    StandardCharsets.UTF_8.decode(merchants
                                            .getOrDefault(leaf.merchant, NOBODY)
                                            .duplicate()),
                                    cut ? "cut off the end" : "removed"));
        }
    }

    private Judgement judge(int outside) {
        long provenEvents = 0;
        long provenLeaves = 0;
        for (GivenHead head : heads) {
            if (head.isOfEvents()) {
                provenEvents = Math.max(provenEvents, head.size());
            }
            if (head.isOfLeaves()) {
                provenLeaves = Math.max(provenLeaves, head.size());
            }
        }
        contradictions();
        boolean intact = findings.isEmpty();
        long proven = Math.max(provenEvents, provenLeaves);
        return new Judgement(
                events.size(),
                intact ? provenEvents : Math.max(provenEvents, proven - differing),
                Math.max(0, events.size() - proven),
                heads.size(),
                outside,
                List.copyOf(findings),
                unlisted);
    }

    /** The first head that neither tree leads to: there the one who rewrote both has been. */
    private void contradictions() {
        long proven = 0;
        boolean sealTold = false;
        for (GivenHead head : heads) {
            if (head.isOfLeaves()) {
                proven = head.size();
            } else if (head.isOfEvents()) {
                if (!sealTold) {
                    add(new Finding(
                            Kind.SEAL,
                            Finding.NO_POSITION,
                            proven,
                            head.size(),
                            "the seal's leaves between %d and %d are not those that were signed; the events are"
                                    .formatted(proven, head.size())));
                }
                sealTold = true;
                proven = head.size();
            } else {
                boolean cut = events.size() < head.size();
                add(new Finding(
                        cut ? Kind.CUT : Kind.REWRITTEN,
                        Finding.NO_POSITION,
                        proven,
                        head.size(),
                        "the first %d events are those that were signed; between there and the head for %d %s"
                                .formatted(
                                        proven,
                                        head.size(),
                                        cut
                                                ? "the end was cut off: there are " + events.size()
                                                : "events or the order of events were changed")));
                return;
            }
        }
    }

    private void add(Kind kind, SealedRow row, String text) {
        add(kind, row, row.isEvent ? leaves.size() : row.leafIndex, text);
    }

    private void add(Kind kind, SealedRow row, long index, String text) {
        add(new Finding(kind, row.position, index, index + 1, text));
    }

    private void add(Finding finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        } else {
            unlisted++;
        }
    }
}

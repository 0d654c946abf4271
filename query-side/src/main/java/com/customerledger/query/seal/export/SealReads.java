package com.customerledger.query.seal.export;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.json.Json;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.SealQueries;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.seal.SealedTree;
import com.customerledger.query.seal.SignedHead;
import com.customerledger.query.seal.log.Checkpoint;
import com.customerledger.query.view.Freshness;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers what is asked of the seal. Thread-safe. */
public final class SealReads implements SealQueries {

    private static final long LOOK_EVERY_MS = 25;

    private final QueryDatabase database;
    private final Freshness freshness;
    private final Duration waitMax;

    /**
     * @param waitMax how long an answer waits for a head
     */
    public SealReads(QueryDatabase database, Freshness freshness, Duration waitMax) {
        this.database = database;
        this.freshness = freshness;
        this.waitMax = waitMax;
    }

    @FunctionalInterface
    private interface Question<T> {

        T ask(Connection connection, SealedTree tree) throws SQLException;
    }

    private <T> T ask(Question<T> question) {
        try (Connection connection = database.query()) {
            return question.ask(connection, new SealedTree(connection));
        } catch (SQLException e) {
            if (QueryDatabase.isTableMissing(e)) {
                throw new UnavailableException("the seal's tables are not made yet", e);
            }
            throw QueryDatabase.failed(e);
        }
    }

    @Override
    public Optional<SignedCheckpoint> newest() {
        return ask((connection, tree) -> Optional.ofNullable(tree.newest()).map(SealReads::checkpoint));
    }

    @Override
    public Optional<SignedCheckpoint> covering(long size) {
        long deadlineNanos = System.nanoTime() + waitMax.toNanos();
        return ask((connection, tree) -> tree.size()) < size
                ? Optional.empty()
                : Optional.of(checkpoint(head(size, deadlineNanos)));
    }

    private static SignedCheckpoint checkpoint(SignedHead head) {
        Checkpoint checkpoint = head.checkpoint();
        return new SignedCheckpoint(
                head.epoch(), checkpoint.origin(), checkpoint.size(), Texts.hash(checkpoint.root()), head.note());
    }

    @Override
    public List<EpochKey> keys() {
        return ask((connection, tree) -> tree.keys());
    }

    @Override
    public Optional<byte[]> receipt(String merchantId, String customerId, @Nullable Long after) {
        long deadlineNanos = System.nanoTime() + waitMax.toNanos();
        freshness.admit(Consistency.STRONG, List.of(SealedTree.VIEW));
        CustomerLeaves customer = new CustomerLeaves(merchantId, customerId);
        long newest = ask((connection, tree) -> customer.newest(connection));
        if (newest < 0) {
            return Optional.empty();
        }
        SignedHead head = head(newest + 1, deadlineNanos);
        // One more than the answer may have tells whether there are more.
        List<ExportedEvent> events = ask((connection, tree) ->
                customer.events(connection, tree, head, after == null ? -1 : after, RECEIPT_EVENTS_MAX + 1));
        return Optional.of(json(customer, head, events));
    }

    /** The smallest head for so many leaves, which are there. Holds no connection while it waits. */
    private SignedHead head(long size, long deadlineNanos) {
        while (true) {
            Optional<SignedHead> head = ask((connection, tree) -> Optional.ofNullable(tree.covering(size)));
            if (head.isPresent()) {
                return head.get();
            }
            if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MS) - deadlineNanos > 0) {
                throw new UnavailableException("no head was signed in time", null);
            }
            try {
                Thread.sleep(LOOK_EVERY_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("interrupted while waiting for a head", e);
            }
        }
    }

    private static byte[] json(CustomerLeaves customer, SignedHead head, List<ExportedEvent> events) {
        boolean more = events.size() > RECEIPT_EVENTS_MAX;
        List<ExportedEvent> shown = more ? events.subList(0, RECEIPT_EVENTS_MAX) : events;
        return Json.text(out -> {
                    out.writeStartObject();
                    out.writeStringProperty("customer_id", customer.customerId());
                    out.writeNumberProperty("epoch", head.epoch());
                    out.writeStringProperty("origin", head.checkpoint().origin());
                    out.writeNumberProperty("size", head.checkpoint().size());
                    out.writeStringProperty("checkpoint", head.note());
                    out.writeName("events");
                    out.writeStartArray();
                    for (ExportedEvent event : shown) {
                        out.writeStartObject();
                        Texts.write(out, event);
                        out.writeStringProperty(
                                "leaf_hash", Texts.hash(event.leaf().hash()));
                        out.writeEndObject();
                    }
                    out.writeEndArray();
                    if (more) {
                        out.writeNumberProperty(
                                "next_after", shown.get(shown.size() - 1).leaf().sequence());
                    } else {
                        out.writeNullProperty("next_after");
                    }
                    out.writeEndObject();
                })
                .getBytes(StandardCharsets.UTF_8);
    }
}

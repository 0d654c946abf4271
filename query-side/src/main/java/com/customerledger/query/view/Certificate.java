package com.customerledger.query.view;

import com.customerledger.query.tail.RecordedEvent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/**
 * What became of events: of each kind how many, and the exclusive or of the hashes of their ids, so that it makes no
 * difference in which order they came. For one thread.
 */
final class Certificate {

    /** What can become of an event that a view has seen. */
    enum Kind {
        APPLIED,
        NOT_HANDLED,
        PARKED,
        DISCARDED
    }

    /** How many events, and the exclusive or of their ids' hashes. */
    record Sum(long count, long hash) {

        static final Sum NOTHING = new Sum(0, 0);

        /** Both together; it is its own opposite as far as the hash goes. */
        Sum and(long otherCount, long otherHash) {
            return new Sum(count + otherCount, hash ^ otherHash);
        }
    }

    /** The same hash in SQL: the first 64 bits of the SHA-256 of an id's 16 bytes. */
    static final String HASH_SQL = "('x' || left(encode(sha256(uuid_send(event_id)), 'hex'), 16))::bit(64)::bigint";

    private final MessageDigest sha256;
    private final Map<Kind, Sum> sums = new EnumMap<>(Kind.class);

    Certificate() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void add(Kind kind, RecordedEvent event) {
        add(kind, 1, hash(event.id()));
    }

    /** An event that was of one kind is of another from now on. */
    void move(Kind from, Kind to, RecordedEvent event) {
        long hash = hash(event.id());
        add(from, -1, hash);
        add(to, 1, hash);
    }

    private void add(Kind kind, long count, long hash) {
        sums.put(kind, of(kind).and(count, hash));
    }

    /** What is to be added for the kind. */
    Sum of(Kind kind) {
        return sums.getOrDefault(kind, Sum.NOTHING);
    }

    private long hash(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return ByteBuffer.wrap(sha256.digest(bytes.array())).getLong();
    }
}

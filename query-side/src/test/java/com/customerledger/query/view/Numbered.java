package com.customerledger.query.view;

import com.customerledger.events.UnavailableException;
import com.customerledger.query.tail.RecordedEvent;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A view of the events' positions that has several revisions and can be made to go wrong. */
final class Numbered implements View {

    static final String NAME = "numbered";

    /** Whether a generation that is not the first one loses every third event. */
    final AtomicBoolean wrong = new AtomicBoolean();

    /** Whether a generation that is not the first one can't be written. */
    final AtomicBoolean failing = new AtomicBoolean();

    /** What it says that it shares with any earlier revision. */
    final Map<String, List<String>> shares = new ConcurrentHashMap<>();

    /** What each batch of a generation that is not the first one waits for. */
    final AtomicReference<@Nullable Semaphore> gate = new AtomicReference<>();

    /** The positions of what this one wrote into generations that are not the first one, or tried to write. */
    final List<Long> filled = Collections.synchronizedList(new ArrayList<>());

    private final int revision;
    private final String moreSql;

    Numbered() {
        this(1);
    }

    Numbered(int revision) {
        this(revision, "");
    }

    Numbered(int revision, String moreSql) {
        this.revision = revision;
        this.moreSql = moreSql;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int revision() {
        return revision;
    }

    @Override
    public String tables() {
        return """
                CREATE TABLE views.numbered_N (
                    position bigint  NOT NULL,
                    revision integer NOT NULL,
                    CONSTRAINT numbered_key_N PRIMARY KEY (position)
                );

                CREATE INDEX numbered_by_revision_N ON views.numbered_N (revision, position);
                """ + moreSql;
    }

    @Override
    public Map<String, List<String>> shared(int earlier) {
        return shares;
    }

    @Override
    public Projection projection(Generation generation) {
        String sql = generation.sql("INSERT INTO views.numbered_N (position, revision) SELECT *, " + revision
                + " FROM unnest(?::bigint[])");
        return (connection, events) -> {
            boolean isFirst = generation.number() == 1;
            if (failing.get() && !isFirst) {
                throw new UnavailableException("on purpose", null);
            }
            Semaphore awaited = gate.get();
            if (!isFirst && awaited != null) {
                awaited.acquireUninterruptibly();
            }
            if (!isFirst) {
                filled.addAll(events.stream().map(RecordedEvent::position).toList());
            }
            long[] positions = events.stream()
                    .mapToLong(RecordedEvent::position)
                    .filter(position -> isFirst || !wrong.get() || (position >> 14) % 3 != 0)
                    .toArray();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, positions);
                statement.executeUpdate();
            }
        };
    }
}

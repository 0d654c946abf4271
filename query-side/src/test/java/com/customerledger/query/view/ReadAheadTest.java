package com.customerledger.query.view;

import static com.customerledger.query.TestStore.START;
import static com.customerledger.query.TestStore.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.query.TestNode;
import com.customerledger.query.TestStore;
import com.customerledger.query.tail.RecordedEvent;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadTest {

    private static final Generation GENERATION =
            new Generation(1, "tally", 1, 1, TestNode.ZONE, Generation.State.BUILDING);

    private final TestStore store = new TestStore();
    private final TestNode node = new TestNode(store, List.of());

    @AfterEach
    void close() {
        node.close();
    }

    private ReadAhead start(Consumer<RecordedEvent> makeOut) {
        return ReadAhead.start(node.database(), GENERATION, 0, () -> 2, 1, makeOut);
    }

    @Test
    void batchesComeInOrderUntilTheEnd() throws Exception {
        for (int i = 0; i < 5; i++) {
            store.append(created("cus_" + i, START, "r" + i));
        }
        try (ReadAhead ahead = start(RecordedEvent::event)) {
            assertThat(ahead.take(new Pause()))
                    .extracting(RecordedEvent::customerId)
                    .containsExactly("cus_0", "cus_1");
            assertThat(ahead.take(new Pause()))
                    .extracting(RecordedEvent::customerId)
                    .containsExactly("cus_2", "cus_3");
            assertThat(ahead.take(new Pause()))
                    .extracting(RecordedEvent::customerId)
                    .containsExactly("cus_4");
            assertThat(ahead.take(new Pause())).isEmpty();
        }
    }

    @Test
    void whoTakesTheBatchesHearsOfWhateverFails() {
        store.append(created("cus_a", START, "a"));
        IllegalArgumentException failure = new IllegalArgumentException("of this event nothing can be made out");
        try (ReadAhead ahead = start(event -> {
            throw failure;
        })) {
            assertThatThrownBy(() -> ahead.take(new Pause()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(failure);
        }
    }
}

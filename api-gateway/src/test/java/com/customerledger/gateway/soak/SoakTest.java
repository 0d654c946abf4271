package com.customerledger.gateway.soak;

import com.customerledger.gateway.LedgerApplication;
import com.customerledger.gateway.stage.PlayFailure;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Every scenario in its short form; {@code ./ledger soak} is the long one. */
@TestMethodOrder(OrderAnnotation.class)
class SoakTest {

    private static final long SEED = 1;

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static SoakStage stage;

    @BeforeAll
    static void open() throws IOException {
        // The processes are to be what is shipped, without this module's tests.
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        stage = SoakStage.open(
                Scale.SHORT,
                SEED,
                LedgerApplication.class.getName(),
                classPath,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void holds(Scenario scenario) throws Exception {
        try {
            scenario.run(stage);
        } catch (PlayFailure failure) {
            throw new AssertionError(failure.getMessage() + "\n" + stage.said(), failure);
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterEveryKill() throws Exception {
        holds(Scenario.CRASH);
    }

    @Test
    @Order(1)
    void requestsInEachOthersWayAreAllAnswered() throws Exception {
        holds(Scenario.CONCURRENCY);
    }

    @Test
    @Order(2)
    void nothingDelaysTheViewsAndTheyHaveEveryEventOnce() throws Exception {
        holds(Scenario.TAIL);
    }

    /** Behind those that need all nodes, since it kills one. */
    @Test
    @Order(3)
    void whatOneNodeWritesTheOthersReadAndTakeOver() throws Exception {
        holds(Scenario.NODES);
    }

    @Test
    void nobodyNoticesARebuild() throws Exception {
        holds(Scenario.REBUILD);
    }

    @Test
    void aNodeOutlivesTheLossOfItsDatabase() throws Exception {
        holds(Scenario.OUTAGE);
    }

    @Test
    void aFullDiskLosesNothing() throws Exception {
        holds(Scenario.DISK);
    }

    @Test
    void serversEndInTimeAndMakeKilledFirstStartsGood() throws Exception {
        holds(Scenario.STOP);
    }
}

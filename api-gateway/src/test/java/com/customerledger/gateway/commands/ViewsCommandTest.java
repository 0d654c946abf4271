package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** The views of a ledger that runs, as an operator sees them. */
class ViewsCommandTest {

    private static final List<String> SETTINGS = List.of(
            "ledger.data-dir",
            "ledger.database.url",
            "ledger.database.user",
            "ledger.database.password",
            "ledger.database.owner-user",
            "ledger.database.owner-password");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of());
        Environment settings = server.bean(Environment.class);
        SETTINGS.forEach(name -> System.setProperty(name, settings.getRequiredProperty(name)));
        TestServer.Caller caller = server.key("acme", Kind.READ_WRITE);
        for (int i = 0; i < 12; i++) {
            assertThat(caller.post("/customers/create", """
                            {"records":[{"reference":"a%d","company_name":"C"}]}
                            """.formatted(i)).status())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    static void leave() {
        SETTINGS.forEach(System::clearProperty);
        server.close();
    }

    @Test
    void eachViewIsALineThatBeginsWithItsName() {
        CommandRun run = CommandRun.of("views");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().map(line -> line.split(" ", 2)[0]))
                .contains("customer_list", "customer_versions", "payments", "seal")
                .isSorted();
        assertThat(run.out().lines())
                .allMatch(line -> line.matches("\\S+ +live=1\\(revision:\\d+\\) +others=\\S+ +position=\\d+ +lag=\\d+"
                        + " +lag_s=\\S+ +rate=\\d+/s +\\S+ +parked=0"));
    }

    @Test
    void aViewIsRebuiltSwappedTakenBackAndDropped() {
        CommandRun rebuilt = CommandRun.of("views", "rebuild", "customer_versions", "--follow", "--max-p99-ms", "1000");
        assertThat(rebuilt.exitCode()).as(rebuilt.toString()).isZero();
        assertThat(rebuilt.out())
                .contains("customer_versions generation 2 is being filled")
                .contains("customer_versions generation 2 is ready: ledger views swap customer_versions");
        assertFailure(
                CommandRun.of("views", "rebuild", "customer_versions"), "is being rebuilt already, as generation 2");
        CommandRun swapped = CommandRun.of("views", "swap", "customer_versions");
        assertThat(swapped.exitCode()).as(swapped.toString()).isZero();
        assertThat(swapped.out()).contains("both hold the same at position", "12 rows");
        assertThat(CommandRun.of("views").out()).contains("others=1(former,revision:1,100%)");
        assertThat(CommandRun.of("views", "rollback", "customer_versions").exitCode())
                .isZero();
        assertFailure(CommandRun.of("views", "drop", "customer_versions", "1"), "answers queries");
        assertThat(CommandRun.of("views", "drop", "customer_versions", "2").exitCode())
                .isZero();
    }

    @Test
    void whatCanNotBeDoneIsSaidInALine() {
        assertFailure(CommandRun.of("views", "rebuild", "nothing"), "There is no view nothing");
        assertFailure(CommandRun.of("views", "rebuild", "seal"), "is for ever");
        assertFailure(CommandRun.of("views", "swap", "customer_list"), "is not being rebuilt");
        assertFailure(CommandRun.of("views", "cancel", "customer_list"), "is not being rebuilt");
        assertFailure(CommandRun.of("views", "rollback", "customer_list"), "no former generation");
        assertFailure(CommandRun.of("views", "drop", "customer_list", "9"), "There is no generation 9");
        assertThat(CommandRun.of("views", "rebuild").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("views", "drop", "customer_list", "x").exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of("views", "rebuild", "customer_list", "--max-p99-ms", "0")
                        .exitCode())
                .isEqualTo(2);
    }

    private static void assertFailure(CommandRun run, String message) {
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.err().lines().toList()).hasSize(1);
        assertThat(run.err()).contains(message);
    }
}

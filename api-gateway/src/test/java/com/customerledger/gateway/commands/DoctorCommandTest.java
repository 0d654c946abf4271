package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** What views keep account of and would hold, asked of a ledger that runs. */
class DoctorCommandTest {

    private static final List<String> SETTINGS = List.of(
            "ledger.database.url",
            "ledger.database.user",
            "ledger.database.password",
            "ledger.database.owner-user",
            "ledger.database.owner-password");

    @BeforeAll
    static void store() {
        Environment settings = TestServer.shared().bean(Environment.class);
        SETTINGS.forEach(name -> System.setProperty(name, settings.getRequiredProperty(name)));
        TestServer.Caller caller = TestServer.shared().key("doctor", Kind.READ_WRITE);
        assertThat(caller.post("/customers/create", """
                        {"records":[{"reference":"a","company_name":"Acme"}]}
                        """).status()).isEqualTo(200);
        assertThat(caller.get("/customers/statistics").status()).isEqualTo(200);
    }

    @AfterAll
    static void leave() {
        SETTINGS.forEach(System::clearProperty);
    }

    @Test
    void everyViewHasSeenEveryEventOnce() {
        CommandRun run = CommandRun.of("doctor");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out())
                .contains("customer_list ", "customer_statistics ", "customer_versions ", "payments ", "seal ")
                .doesNotContain("DIFFERS");
    }

    @Test
    void aViewIsFilledUpToAMoment() {
        CommandRun run = CommandRun.of("whatif", "--view", "customer_list", "--as-of", "2020-01-01T00:00:00Z");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.out()).contains("customer_list revision 1 after 0 events");
    }

    @Test
    void whereNothingIsParkedThereIsNothingToDo() {
        CommandRun letters = CommandRun.of("views", "letters", "customer_list");
        assertThat(letters.exitCode()).as(letters.toString()).isZero();
        assertThat(letters.out().lines()).hasSize(1);
        assertThat(CommandRun.of("views", "retry", "customer_list").out()).contains("Nothing is parked");
        CommandRun discard =
                CommandRun.of("views", "discard", "customer_list", "--event", "1", "--reason", "not wanted");
        assertThat(discard.exitCode()).isEqualTo(1);
        assertThat(discard.err()).contains("position 1 is not parked");
        assertThat(CommandRun.of("views", "letters", "nothing").err()).contains("no view nothing");
        assertThat(CommandRun.of("views", "discard", "customer_list").exitCode())
                .isEqualTo(2);
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        assertThat(CommandRun.of("whatif", "--view", "customer_list", "--as-of", "yesterday")
                        .exitCode())
                .isEqualTo(2);
        CommandRun unknown = CommandRun.of("whatif", "--view", "nothing", "--as-of", "2020-01-01T00:00:00Z");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no view nothing");
    }
}

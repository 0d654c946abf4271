package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.customer.Lookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {

    private static final String CUSTOMERS = """
            {"reference":"R1","company_name":"Môreson (Pty) Ltd","metadata":{"rate":1.10,"id":12345678901234567890}}
            {"reference":"R2","person_name":"Thabo","person_surname":"Lešoane","postal_code":699,"email":null}

            {"reference":"R3","company_name":"\\u00ea 🏉","city_or_town":"","customer_status_lookups_id":"%s"}
            {"reference":"R4","company_name":"C","created_at":"2001-01-01 00:00:00","metadata":{"a":[1,{"b":1e3}],"c":null}}
            """.formatted(Lookup.ARCHIVED.id());

    @TempDir
    private Path directory;

    private FakeLedger ledger;
    private Path file;

    @BeforeEach
    void importThem() throws IOException {
        ledger = new FakeLedger();
        file = directory.resolve("customers.ndjson");
        Files.writeString(file, CUSTOMERS, StandardCharsets.UTF_8);
        assertThat(CommandRun.against(ledger, directory, "import", file.toString())
                        .exitCode())
                .isZero();
    }

    @AfterEach
    void stopLedger() {
        ledger.close();
    }

    @Test
    void whatWasImportedIsEqual() throws IOException {
        CommandRun run = compare();
        assertThat(run.out())
                .isEqualToNormalizingNewlines(
                        "4 in the file, 4 listed: 4 equal, 0 different, 0 missing, 0 listed again, 0 not in the file\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void pagesAreFollowedToTheLast() throws IOException {
        CommandRun run = compare("--page", "3");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("4 listed: 4 equal");
        assertThat(ledger.requests())
                .containsSubsequence("GET /customers/list?limit=3", "GET /customers/list?limit=3&cursor=3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1.10      | 1.1     | Line 1, R1: metadata.rate is 1.10 in the file and 1.1 in the ledger
                    234567890 | 234567891 | Line 1, R1: metadata.id is 12345678901234567890 in the file
                    1e3       | 1000    | Line 5, R4: metadata.a[1].b is 1e3 in the file and 1000 in the ledger
                    "c":null  | "c":0   | Line 5, R4: metadata.c is null in the file and 0 in the ledger
                    Lešoane   | Lesoane | Line 2, R2: person_surname is "Lešoane" in the file and "Lesoane" in the ledger
                    699       | "699"   | Line 2, R2: postal_code is 699 in the file and "699" in the ledger
                    "city_or_town":"" | "city_or_town":null | Line 4, R3: city_or_town is "" in the file and null in the ledger
                    "deleted_at":"2025-03-01 12:00:00" | "deleted_at":null | Line 4, R3: deleted_at does not fit the status
                    "email":null, | '' | email is not in the ledger's record
                    "id":"cus_2"  | "id":7 | Line 4, R3: id is 7
                    "reference":"R2" | "reference":"R9" | Line 2, R2: not listed
                    "reference":"R2" | "reference":"R1" | Line 1, R1: listed again
                    """)
    void everyDifferenceIsFound(String text, String changed, String difference) throws IOException {
        ledger.listedAs(list -> {
            assertThat(list).contains(text);
            return list.replace(text, changed);
        });
        CommandRun run = compare();
        assertThat(run.out()).contains(difference);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void otherCustomersAreCountedAndADifferenceOnlyWhereAsked() throws IOException {
        Files.writeString(file, CUSTOMERS.substring(CUSTOMERS.indexOf('\n') + 1), StandardCharsets.UTF_8);
        assertThat(compare().out()).contains("3 equal", "1 not in the file");
        assertThat(compare().exitCode()).isZero();
        assertThat(compare("--exact").exitCode()).isEqualTo(1);
    }

    @Test
    void aListThatBreaksOffIsBegunAnew() throws IOException {
        ledger.next(ledger.listCutOff());
        CommandRun run = compare();
        assertThat(run.err()).contains("attempt 2 of 10");
        assertThat(run.out()).contains("4 listed: 4 equal", "0 listed again");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aListWithoutItsEndIsNotTakenForWhole() throws IOException {
        ledger.listedAs(list -> list.substring(0, list.length() - 1));
        CommandRun run = compare("--attempts", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the answer was cut off; given up after 1 attempt");
    }

    @Test
    void aBusyServerIsAskedAgain() throws IOException {
        ledger.next(FakeLedger.busy(503, "0"), FakeLedger.busy(429, "0"));
        assertThat(compare("--page", "2").exitCode()).isZero();
    }

    @Test
    void anAnswerThatIsNoListIsRefused() throws IOException {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                list -> "[]", list -> "{\"status\":true}", list -> list.replace("true", "false"), list -> "<html>")) {
            ledger.listedAs(change);
            CommandRun run = compare();
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("The ledger's answer").doesNotContain("attempt");
        }
    }

    @Test
    void aFileWithARepeatedReferenceIsRefused() throws IOException {
        Files.writeString(file, "{\"reference\":\"R1\"}\n{\"reference\":\"R1\"}", StandardCharsets.UTF_8);
        CommandRun run = compare();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Line 2 has the same reference as line 1");
    }

    @Test
    void wrongUsageEndsWithTwo() throws IOException {
        assertThat(compare("--page", "0").exitCode()).isEqualTo(2);
        assertThat(compare("--page", "1001").exitCode()).isEqualTo(2);
        assertThat(compare("--nonsense").exitCode()).isEqualTo(2);
    }

    private CommandRun compare(String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "compare";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return CommandRun.against(ledger, directory, arguments);
    }
}

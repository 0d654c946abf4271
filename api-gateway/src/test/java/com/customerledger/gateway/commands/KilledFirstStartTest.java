package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.customerledger.gateway.LedgerApplication;
import com.customerledger.gateway.settings.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger serve} as a process of its own, with its own database, killed while it starts for the first time. */
class KilledFirstStartTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern READY = Pattern.compile("The ledger is ready: (http://[^ ]+)");

    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path temporary;

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void whatAKilledFirstStartHasWrittenWorksAfterTheNext() throws Exception {
        DataDirectory data = new DataDirectory(temporary.resolve("data"));
        Path firstOutput = temporary.resolve("first.log");
        Process first = serve(data, firstOutput);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !first.isAlive() || Files.exists(data.file(DataDirectory.DEMO_CREDENTIALS)));
        first.destroyForcibly().waitFor();
        String written = data.read(DataDirectory.DEMO_CREDENTIALS).orElseThrow();

        Path secondOutput = temporary.resolve("second.log");
        Process second = serve(data, secondOutput);
        URI url = ready(second, secondOutput);

        assertThat(data.read(DataDirectory.DEMO_CREDENTIALS)).contains(written);
        assertThat(status(url, written)).isEqualTo(200);
        String shown = Files.readString(firstOutput) + Files.readString(secondOutput);
        Matcher credentials = Pattern.compile("(?m)^key_.{21}:.{43}$").matcher(shown);
        assertThat(credentials.results())
                .isNotEmpty()
                .allMatch(each -> each.group().equals(written));

        CommandRun whileItRuns = keysIn(data);
        assertThat(whileItRuns.out().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(written.substring(0, written.indexOf(':')) + " "));

        second.destroy();
        assertThat(second.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(143);
        assertThat(keysIn(data).out()).isEqualTo(whileItRuns.out());
    }

    private static CommandRun keysIn(DataDirectory data) {
        System.setProperty("ledger.data-dir", data.path().toString());
        try {
            CommandRun run = CommandRun.of("keys", "list");
            assertThat(run.exitCode()).as(run.toString()).isZero();
            return run;
        } finally {
            System.clearProperty("ledger.data-dir");
        }
    }

    private Process serve(DataDirectory data, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Daxon.update-check.disabled=true",
                LedgerApplication.class.getName(),
                "serve");
        builder.environment().put("LEDGER_DATA_DIR", data.path().toString());
        builder.environment().put("LEDGER_PORT", "0");
        builder.environment().put("LEDGER_OPERATOR_PORT", "0");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return process;
    }

    private static URI ready(Process process, Path output) {
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive() || READY.matcher(read(output)).find());
        Matcher ready = READY.matcher(read(output));
        assertThat(ready.find()).as(read(output)).isTrue();
        return URI.create(ready.group(1));
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static int status(URI url, String credentials) throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/customers/list"))
                .header("Authorization", "Basic " + basic)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}

package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.DurationConverter;
import com.customerledger.gateway.stage.PlayFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows on this machine, with real processes, what the ledger promises when things go wrong. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Starts ledgers in temporary directories, kills them, their PostgreSQL and their connections under load, and checks"
                    + " that everything acknowledged is there, nothing is there by half, and the list is what the events amount to.",
            "Touches no ledger that runs, and removes all that it made. Takes about fifteen minutes with the default duration.",
            "How far it is goes to standard error, the times that it measured to standard output."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Everything held.",
            "1:Something did not hold; the reason is the last line on standard error.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
public final class SoakCommand implements Callable<Integer> {

    private final String application;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long each scenario keeps up its load, as 90s, 5m or 1h (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of what is chosen at random, to have a run again as far as other processes allow for it.")
    private @Nullable Long seed;

    @Option(
            names = "--only",
            paramLabel = "SCENARIO",
            converter = ScenarioConverter.class,
            completionCandidates = ScenarioNames.class,
            description = "One of ${COMPLETION-CANDIDATES}; can be given several times.")
    private @Nullable List<Scenario> only;

    @Option(
            names = "--customers",
            paramLabel = "FILE",
            description =
                    "What the scenario rebuild begins with, one JSON record a line, as ledger import takes them; else it makes"
                            + " 100,000 customers.")
    private @Nullable Path customers;

    /**
     * @param application the class whose main method runs the ledger's commands
     */
    public SoakCommand(Class<?> application) {
        this.application = application.getName();
    }

    static final class ScenarioConverter implements ITypeConverter<Scenario> {

        ScenarioConverter() {}

        @Override
        public Scenario convert(String text) {
            return Scenario.named(text)
                    .orElseThrow(() -> new TypeConversionException("there is no scenario '" + text + "'"));
        }
    }

    static final class ScenarioNames implements Iterable<String> {

        ScenarioNames() {}

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Scenario.values()).map(Scenario::text).iterator();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (customers != null && !Files.isRegularFile(customers)) {
            throw new ParameterException(command.commandLine(), customers + " is no file");
        }
        PrintWriter err = command.commandLine().getErr();
        long chosen = seed == null ? System.nanoTime() & Integer.MAX_VALUE : seed;
        SoakStage stage = SoakStage.open(
                Scale.full(duration, customers), chosen, application, System.getProperty("java.class.path"), err);
        Thread onSignal = new Thread(stage::close, "soak-end");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            stage.say("seed %d, load for %d s each".formatted(chosen, duration.toSeconds()));
            for (Scenario each : only == null ? List.of(Scenario.values()) : only) {
                if (!held(stage, each)) {
                    return 1;
                }
            }
        } finally {
            stage.close();
        }
        PrintWriter out = command.commandLine().getOut();
        stage.measured().forEach((what, took) -> out.printf(Locale.ROOT, "%8d ms  %s%n", took.toMillis(), what));
        out.flush();
        return 0;
    }

    private boolean held(SoakStage stage, Scenario scenario) throws InterruptedException {
        stage.say("== %s: %s".formatted(scenario.text(), scenario.description()));
        try {
            scenario.run(stage);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception failure) {
            if (stage.isClosed()) {
                stage.say("ended by a signal");
                return false;
            }
            PrintWriter err = command.commandLine().getErr();
            err.println(stage.said());
            if (!(failure instanceof PlayFailure)) {
                failure.printStackTrace(err);
            }
            err.println("the scenario " + scenario.text() + " failed: " + failure.getMessage());
            err.flush();
            return false;
        }
    }
}

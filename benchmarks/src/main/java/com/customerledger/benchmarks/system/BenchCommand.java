package com.customerledger.benchmarks.system;

import com.customerledger.benchmarks.HotPaths;
import com.customerledger.gateway.stage.DurationConverter;
import com.customerledger.gateway.stage.PlayFailure;
import com.customerledger.gateway.stage.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./ledger bench}: measures this ledger on this machine, each figure beside its floor. */
@Command(
        name = "ledger bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts ledgers of its own in a temporary directory, on free ports of 127.0.0.1, and measures them over HTTP; beside each"
                    + " figure stands its floor, what the same PostgreSQL or machine takes for the least that has to be done.",
            "Touches no ledger that runs, and removes all that it made. Scenarios and JMH benchmarks together take about half an hour"
                    + " with the defaults.",
            "How far it is goes to standard error, what it measured to standard output and to the file of results."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All that was asked for is measured.",
            "1:Something could not be measured; the reason is the last line on standard error.",
            "2:The command was used wrongly."
        })
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
public final class BenchCommand implements Callable<Integer> {

    /** The script that runs the ledger's commands, absolute. */
    private static final String SCRIPT_PROPERTY = "ledger.script";

    /** The build that it has found or made, and that all servers are to be of. */
    private static final String BUILD_PROPERTY = "ledger.built";

    private static final int CUSTOMERS_MIN = 100;
    private static final int CUSTOMERS_MAX = 10_000_000;
    private static final int CHANGES_MAX = 1_000;
    private static final Duration BRIEF = Duration.ofSeconds(2);
    private static final String RESULTS = "benchmarks/RESULTS.md";

    @Spec
    private CommandSpec command;

    @Option(
            names = "--customers",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many customers the store has before it is measured (default: ${DEFAULT-VALUE}).")
    private int customers;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "0",
            description = "How often each of them was changed before that, for stores of many events"
                    + " (default: ${DEFAULT-VALUE}).")
    private int changes;

    @Option(
            names = "--only",
            paramLabel = "SCENARIO",
            converter = ScenarioConverter.class,
            completionCandidates = ScenarioNames.class,
            description = "One of ${COMPLETION-CANDIDATES}; can be given several times. Leaves out JMH.")
    private @Nullable List<Scenario> only;

    @Option(
            names = "--jmh",
            paramLabel = "REGEX",
            description =
                    "JMH benchmarks of the hot paths whose names match. Leaves out the scenarios unless --only names some.")
    private @Nullable String jmh;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description =
                    "How long each figure is measured, after its warm-up, as 10s or 1m (default: ${DEFAULT-VALUE})."
                            + " With less than 2s the JMH benchmarks only show that they work.")
    private Duration duration;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the tables go; those that are there and not measured now stay" + " (default: "
                    + RESULTS + " of the checkout).")
    private @Nullable Path output;

    BenchCommand() {}

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

    /** Runs the command, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (customers < CUSTOMERS_MIN || customers > CUSTOMERS_MAX) {
            throw new ParameterException(
                    command.commandLine(),
                    String.format(
                            Locale.ROOT, "--customers takes a number from %d to %,d", CUSTOMERS_MIN, CUSTOMERS_MAX));
        }
        if (changes < 0 || changes > CHANGES_MAX) {
            throw new ParameterException(
                    command.commandLine(),
                    String.format(Locale.ROOT, "--changes takes a number up to %,d", CHANGES_MAX));
        }
        checkRegex();
        String script = System.getProperty(SCRIPT_PROPERTY);
        String build = System.getProperty(BUILD_PROPERTY);
        if (script == null || build == null) {
            throw new ParameterException(command.commandLine(), "./ledger bench runs this, and nothing else does");
        }
        Path checkout = Path.of(script).toAbsolutePath().resolveSibling("");
        PrintWriter out = command.commandLine().getOut();
        Report report = new Report(out, file(checkout), Machine.described(checkout));
        // In the scenarios' own order, whichever they were asked for in: those that read come before those that write.
        List<Scenario> scenarios =
                only != null ? List.copyOf(EnumSet.copyOf(only)) : jmh != null ? List.of() : List.of(Scenario.values());
        Stage stage = new Stage(
                "ledger-bench-",
                List.of("env", "LEDGER_BUILD=" + build, script),
                command.commandLine().getErr());
        Thread onSignal = new Thread(() -> end(stage), "bench-end");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            Bench bench = new Bench(stage, new Options(customers, changes, duration), report);
            for (Scenario each : scenarios) {
                if (!measured(bench, each)) {
                    return CommandLine.ExitCode.SOFTWARE;
                }
            }
        } finally {
            stage.close();
        }
        // The servers are gone: nothing else of ours is to run beside a benchmark of nanoseconds.
        boolean isWithoutJmh = only != null && jmh == null;
        return isWithoutJmh || hotPaths(report, jmh == null ? ".*" : jmh)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }

    private void checkRegex() {
        try {
            Pattern.compile(jmh == null ? "" : jmh);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(command.commandLine(), "--jmh: " + e.getMessage(), e);
        }
    }

    private @Nullable Path file(Path checkout) {
        if (output != null) {
            return output;
        }
        Path results = checkout.resolve(RESULTS);
        if (Files.isWritable(results) || (Files.notExists(results) && Files.isWritable(results.resolveSibling("")))) {
            return results;
        }
        PrintWriter err = command.commandLine().getErr();
        err.println(results + " can't be written by this user: give --output to keep what is measured");
        err.flush();
        return null;
    }

    /** Ends all that was started, whatever it is doing. */
    private static void end(Stage stage) {
        stage.close();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private boolean measured(Bench bench, Scenario scenario) throws InterruptedException {
        Stage stage = bench.stage();
        stage.say("== %s: %s".formatted(scenario.text(), scenario.description()));
        PrintWriter out = command.commandLine().getOut();
        out.println(scenario.text());
        out.flush();
        try {
            scenario.run(bench);
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

    private boolean hotPaths(Report report, String regex) throws IOException {
        PrintWriter err = command.commandLine().getErr();
        err.println("== JMH benchmarks that match " + regex);
        err.flush();
        boolean isBrief = duration.compareTo(BRIEF) < 0;
        try {
            for (HotPaths.Score each : HotPaths.run(regex, isBrief)) {
                report.row(each.name(), Figure.nanos(each.score(), each.error(), each.unit()), null);
            }
            if (isBrief) {
                report.note("Too brief to be believed.");
            }
            report.end(
                    "Hot paths",
                    "jmh",
                    "JMH, average time, one thread, each in a process of its own; names that match `" + regex + "`");
            return true;
        } catch (RunnerException e) {
            err.println("JMH failed: " + e.getMessage());
            err.flush();
            return false;
        }
    }
}

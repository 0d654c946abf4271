package com.customerledger.benchmarks;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks, each in a process of its own. */
public final class HotPaths {

    private HotPaths() {}

    /**
     * What one of them costs.
     *
     * @param name of the class and the method
     * @param score how long once takes, on average
     * @param error half the width of the 99.9 % confidence interval
     * @param unit of both
     */
    public record Score(String name, double score, double error, String unit) {}

    /**
     * Runs those whose names match.
     *
     * @param regex matched anywhere in the name
     * @param isBrief whether it is enough to see that they work
     * @throws RunnerException when one of them fails, or none matches
     */
    public static List<Score> run(String regex, boolean isBrief) throws RunnerException {
        ChainedOptionsBuilder options =
                new OptionsBuilder().include(regex).shouldFailOnError(true).verbosity(VerboseMode.SILENT);
        if (isBrief) {
            options.warmupIterations(1).measurementIterations(1).forks(1);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.stream()
                .map(HotPaths::score)
                .sorted(Comparator.comparing(Score::name))
                .toList();
    }

    private static Score score(RunResult run) {
        Result<?> result = run.getPrimaryResult();
        String whole = run.getParams().getBenchmark();
        String method = whole.substring(whole.lastIndexOf('.'));
        String type = whole.substring(0, whole.lastIndexOf('.'));
        return new Score(
                type.substring(type.lastIndexOf('.') + 1) + method,
                result.getScore(),
                result.getScoreError(),
                result.getScoreUnit());
    }
}

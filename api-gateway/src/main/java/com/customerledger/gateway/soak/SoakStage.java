package com.customerledger.gateway.soak;

import com.customerledger.gateway.stage.Cluster;
import com.customerledger.gateway.stage.Stage;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stage of the soak: it knows how much is to be done, and where several nodes share a database. Thread-safe. */
final class SoakStage extends Stage {

    private final Scale scale;
    private final long seed;
    private @Nullable Cluster cluster;

    private SoakStage(Scale scale, long seed, List<String> ledger, PrintWriter progress) throws IOException {
        super("ledger-soak-", ledger, progress);
        this.scale = scale;
        this.seed = seed;
    }

    /**
     * Makes a stage.
     *
     * @param seed of all that is chosen at random, but for what other processes do meanwhile
     * @param application the class that runs the ledger's commands
     * @param classPath where it is found
     * @param progress takes a line for each step
     */
    static SoakStage open(Scale scale, long seed, String application, String classPath, PrintWriter progress)
            throws IOException {
        List<String> ledger = new ArrayList<>();
        ledger.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("which java runs is hidden")));
        if (!scale.whole()) {
            // Short starts matter more here than speed later.
            ledger.add("-XX:TieredStopAtLevel=1");
        }
        ledger.addAll(List.of(
                "-Xmx512m",
                "-Daxon.update-check.disabled=true",
                "-Dfile.encoding=UTF-8",
                "-cp",
                absolute(classPath),
                application));
        return new SoakStage(scale, seed, ledger, progress);
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElse("");
    }

    Scale scale() {
        return scale;
    }

    /** Chances of their own for that purpose, the same for the same seed. */
    Random random(String purpose) {
        return new Random(seed * 31 + purpose.hashCode());
    }

    /** Several nodes on one database, with a merchant for each scenario; made when first asked for. */
    synchronized Cluster cluster() throws IOException, InterruptedException {
        if (cluster == null) {
            cluster = Cluster.start(
                    this, Arrays.stream(Scenario.values()).map(Scenario::text).toList());
        }
        return cluster;
    }
}

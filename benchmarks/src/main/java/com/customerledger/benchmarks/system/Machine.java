package com.customerledger.benchmarks.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Where and of what something was measured, since a number without that says nothing. */
final class Machine {

    private static final int GIT_MAX_S = 10;

    private Machine() {}

    /**
     * In one line: when, commit, processors, memory, system and Java.
     *
     * @param checkout the directory of the sources
     */
    static String described(Path checkout) {
        return String.join(
                ", ",
                Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
                commit(checkout),
                Runtime.getRuntime().availableProcessors() + " × " + processor(),
                memory(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "Java " + System.getProperty("java.version"));
    }

    private static String commit(Path checkout) {
        Optional<String> commit = git(checkout, "rev-parse", "--short=10", "HEAD");
        if (commit.isEmpty()) {
            return "commit unknown";
        }
        // What was measured before lies among the sources, and is not one.
        boolean isChanged = git(checkout, "status", "--porcelain", "--", ".", ":!benchmarks/RESULTS.md")
                .filter(String::isEmpty)
                .isEmpty();
        return "commit " + commit.get() + (isChanged ? " with changes" : "");
    }

    private static Optional<String> git(Path checkout, String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = checkout.toString();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            git.getOutputStream().close();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean hasEnded = git.waitFor(GIT_MAX_S, TimeUnit.SECONDS);
            return hasEnded && git.exitValue() == 0 ? Optional.of(said.strip()) : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String processor() {
        return line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
    }

    private static String memory() {
        return line("/proc/meminfo", "MemTotal")
                .map(text -> Long.parseLong(text.replaceAll("[^0-9]", "")) >> 20)
                .map(gibibytes -> String.format(Locale.ROOT, "%d GiB", gibibytes))
                .orElse("memory unknown");
    }

    private static Optional<String> line(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}

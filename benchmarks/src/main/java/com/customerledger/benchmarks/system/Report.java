package com.customerledger.benchmarks.system;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured: each row is printed when it is known, and each table is written to a file when it is whole. The file
 * has a part for each number of customers and in it a table for each scenario; a table is replaced by a newer one of its
 * name, and all others stay. For one thread at a time.
 */
final class Report {

    private static final String PART = "## ";
    private static final String TABLE = "### ";

    private static final String INTRODUCTION = """
            # Results

            Written by `./ledger bench`; a table stays until its scenario is run again. Each has its floor beside it, measured in
            the same run: what the same PostgreSQL, or the same machine, takes for the least that has to be done. The ratio is the
            figure divided by the floor. Client, server and PostgreSQL share the machine that is named. Compare ratios, and only
            tables of one machine.

            """;

    private final PrintWriter out;
    private final @Nullable Path file;
    private final String provenance;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param out takes each row, for people
     * @param file takes the tables, or null
     * @param provenance where and of what all of it was measured
     */
    Report(PrintWriter out, @Nullable Path file, String provenance) {
        this.out = out;
        this.file = file;
        this.provenance = provenance;
    }

    /** A figure with its floor, or null where there is none. */
    void row(String what, Figure figure, @Nullable Figure floor) {
        String least = floor == null ? "" : floor.text();
        String ratio = figure.ratio(floor);
        out.printf(
                Locale.ROOT,
                "  %-72s %16s%s%n",
                what,
                figure.text(),
                floor == null ? "" : "   floor " + least + ", ratio " + ratio);
        out.flush();
        lines.add("| %s | %s | %s | %s |".formatted(what, figure.text(), least, ratio));
    }

    /** Something in words below the table. */
    void note(String text) {
        out.println("  " + text);
        out.flush();
        lines.add(text);
    }

    /**
     * Ends a table and writes it.
     *
     * @param part whose table it is, as {@code 10,000 customers}
     * @param name of the table
     * @param description of what was done, in a sentence
     */
    void end(String part, String name, String description) throws IOException {
        List<String> rows = lines.stream().filter(line -> line.startsWith("| ")).toList();
        List<String> notes =
                lines.stream().filter(line -> !line.startsWith("| ")).toList();
        StringBuilder text = new StringBuilder(description).append(".\n\n");
        text.append("| what | figure | floor | ratio |\n|---|---:|---:|---:|\n");
        rows.forEach(row -> text.append(row).append('\n'));
        text.append('\n');
        notes.forEach(note -> text.append(note).append("\n\n"));
        text.append(provenance).append(".\n");
        lines.clear();
        if (file != null) {
            write(file, part, name, text.toString());
        }
    }

    private static void write(Path file, String part, String name, String text) throws IOException {
        Map<String, Map<String, String>> parts =
                Files.exists(file) ? read(Files.readString(file)) : new LinkedHashMap<>();
        parts.computeIfAbsent(part, it -> new LinkedHashMap<>()).put(name, text);
        StringBuilder whole = new StringBuilder(INTRODUCTION);
        parts.forEach((title, tables) -> {
            whole.append(PART).append(title).append("\n\n");
            tables.forEach((table, lines) -> whole.append(TABLE)
                    .append(table)
                    .append("\n\n")
                    .append(lines.strip())
                    .append("\n\n"));
        });
        Files.writeString(file, whole.toString().strip() + "\n", StandardCharsets.UTF_8);
    }

    private static Map<String, Map<String, String>> read(String text) {
        Map<String, Map<String, String>> parts = new LinkedHashMap<>();
        Map<String, String> tables = new LinkedHashMap<>();
        String name = null;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(PART)) {
                tables = parts.computeIfAbsent(line.substring(PART.length()), it -> new LinkedHashMap<>());
                name = null;
            } else if (line.startsWith(TABLE)) {
                name = line.substring(TABLE.length());
            } else if (name != null) {
                tables.merge(name, line, (before, next) -> before + "\n" + next);
            }
        }
        return parts;
    }
}

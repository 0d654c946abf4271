package com.customerledger.benchmarks.system;

import java.util.Arrays;
import java.util.Optional;

/** What is measured, each by itself; in an order in which those that need a small or a fresh store come first. */
enum Scenario {
    START("start", "Time to start and memory", FootprintScenarios::start),
    SIZE("size", "Bytes on the disk for a customer with one and with three events", FootprintScenarios::size),
    LIST("list", "The whole list, a hundredth of it by status, and a page", ReadScenarios::list),
    VERIFY("verify", "Every event read and hashed again", WholeStoreScenarios::verify),
    REBUILD("rebuild", "The list of customers filled anew from all events", WholeStoreScenarios::rebuild),
    IMPORT("import", "A file of customers, one JSON record a line", WholeStoreScenarios::importFile),
    CREATE("create", "Creates of one record each", WriteScenarios::create),
    UPDATE("update", "Updates of one record each", WriteScenarios::update),
    BATCH("batch", "Many records in one request, one connection", WriteScenarios::batch),
    HISTORY("history", "The history of one customer, one connection", ReadScenarios::history),
    VISIBILITY("visibility", "A create until a list on another connection has it", FreshnessScenarios::visibility),
    LAG("lag", "A create's commit until a view has it", FreshnessScenarios::lag),
    NODES("nodes", "One, two and three nodes on one PostgreSQL", NodesScenario::run);

    @FunctionalInterface
    private interface Measurement {
        void of(Bench bench) throws Exception;
    }

    private final String text;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // All of them are references to static methods.
    private final Measurement measurement;

    Scenario(String text, String description, Measurement measurement) {
        this.text = text;
        this.description = description;
        this.measurement = measurement;
    }

    /** The scenario of that name, or none. */
    static Optional<Scenario> named(String text) {
        return Arrays.stream(values()).filter(each -> each.text.equals(text)).findAny();
    }

    /** Its name, for people and on the command line. */
    String text() {
        return text;
    }

    /** What it is about, in a line. */
    String description() {
        return description;
    }

    /** Measures it, and writes its table. */
    void run(Bench bench) throws Exception {
        measurement.of(bench);
        bench.report().end(bench.options().part(), text, description);
    }
}

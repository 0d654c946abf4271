package com.customerledger.gateway.soak;

import java.util.Arrays;
import java.util.Optional;

/** What is shown, each by itself. */
enum Scenario {
    CRASH("crash", "kill -9 of the ledger, of its PostgreSQL and of both, under load", CrashScenario::run),
    NODES("nodes", "several nodes on one database; the owner of the views is killed", NodesScenario::run),
    CONCURRENCY("concurrency", "requests in each other's way, from several nodes", ConcurrencyScenario::run),
    TAIL("tail", "large, small and refused writes beside a foreign transaction and an index build", TailScenario::run),
    REBUILD(
            "rebuild",
            "a view filled anew under load, through kills of the ledger and of its PostgreSQL",
            RebuildScenario::run),
    OUTAGE("outage", "a database that is down at start, lost, silent or killed", OutageScenario::run),
    DISK("disk", "a disk that is full for a while", DiskScenario::run),
    STOP("stop", "SIGTERM, and first starts that are killed", StopScenario::run);

    @FunctionalInterface
    private interface Act {
        void on(SoakStage stage) throws Exception;
    }

    private final String text;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // All of them are references to static methods.
    private final Act act;

    Scenario(String text, String description, Act act) {
        this.text = text;
        this.description = description;
        this.act = act;
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

    /**
     * Runs it to its end.
     *
     * @throws PlayFailure when something that is promised was seen not to hold
     */
    void run(SoakStage stage) throws Exception {
        act.on(stage);
    }
}

package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build whose rehearsal fails works and starts slowly, so that nobody would notice. */
class RehearseCommandTest {

    @TempDir
    private Path directory;

    @Test
    void aRehearsalComesToItsEndByItself() {
        CommandRun run = CommandRun.of("rehearse", directory.resolve("data").toString());

        assertThat(run.exitCode()).as(run.toString()).isZero();
    }
}

package com.customerledger.command.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aLogBeyondItsBoundIsSetAsideAndItsWriterGoesOnAtTheStart() throws Exception {
        Path file = directory.resolve("postgres.log");
        ServerLog log = new ServerLog(file);
        try (OutputStream writer = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                FileChannel filler = FileChannel.open(file, StandardOpenOption.WRITE)) {
            filler.write(ByteBuffer.allocate(1), ServerLog.LOG_BYTES_MAX - 1);
            log.bound();
            assertThat(log.size()).isEqualTo(ServerLog.LOG_BYTES_MAX);

            writer.write('x');
            log.bound();
            assertThat(log.size()).isZero();
            assertThat(directory.resolve("postgres.log.1")).hasSize(ServerLog.LOG_BYTES_MAX + 1);

            writer.write("goes on".getBytes(StandardCharsets.UTF_8));
            assertThat(log.since(0, 100)).isEqualTo("goes on");
            assertThat(log.since(5, 100)).isEqualTo("on");
            assertThat(log.since(0, 2)).isEqualTo("on");
        }
    }
}

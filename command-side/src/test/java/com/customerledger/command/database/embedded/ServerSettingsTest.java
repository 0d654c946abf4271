package com.customerledger.command.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

    @ParameterizedTest
    @CsvSource({"0, 128", "256, 128", "1024, 256", "2047, 511", "2048, 512", "23000, 512"})
    void theServersBuffersAreAQuarterOfTheMemoryWithinBounds(long memoryMb, long buffersMb) {
        assertThat(ServerSettings.buffers(memoryMb << 20)).isEqualTo(buffersMb);
    }
}

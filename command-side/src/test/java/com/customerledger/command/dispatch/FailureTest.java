package com.customerledger.command.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.command.store.StoreException;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

    @ParameterizedTest
    @CsvSource({
        "23505, CONFLICT",
        "40P01, CONFLICT",
        "08006, UNAVAILABLE",
        "25006, UNAVAILABLE",
        "25P03, UNAVAILABLE",
        "25P04, UNAVAILABLE",
        "53100, UNAVAILABLE",
        "57P01, UNAVAILABLE",
        "42P01, UNEXPECTED"
    })
    void theDatabasesCodeTellsWhatAFailureMeans(String state, Failure meaning) {
        SQLException error = new SQLException("", state);

        assertThat(Failure.of(new StoreException(error))).isEqualTo(meaning);
    }
}

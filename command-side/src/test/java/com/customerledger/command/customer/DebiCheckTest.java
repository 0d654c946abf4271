package com.customerledger.command.customer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebiCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"8001015009087", "0002290001086", "9912310001083"})
    void aNumberWithAPossibleBirthDateAndARightCheckDigitIsASouthAfricanId(String number) {
        assertThat(DebiCheck.southAfricanId(number)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8001015009088",
                "800101500908",
                "80010150090870",
                "8013015009082",
                "8002305009084",
                "0102290001084",
                "80010150090८7",
                "8001015OO9087",
                ""
            })
    void anyOtherIsNot(String number) {
        assertThat(DebiCheck.southAfricanId(number)).isFalse();
    }
}

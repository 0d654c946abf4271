package com.customerledger.gateway.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"1.10", "-0", "-0.00", "1e3", "2.50E-7", "1E+2", "12345678901234567890", "1e999999999", "0"})
    void numbersKeepTheirText(String number) throws JsonTree.Malformed {
        assertThat(JsonTree.parse(number)).isEqualTo(new JsonTree.Numeral(number));
        assertThat(JsonTree.parse("{\"a\":[" + number + "]}")).hasToString("{a=[" + number + "]}");
    }

    @Test
    void theOrderOfMembersMakesNoDifference() throws JsonTree.Malformed {
        assertThat(JsonTree.parse("{\"a\":1,\"b\":{\"c\":null,\"d\":[]}}"))
                .isEqualTo(JsonTree.parse(" { \"b\" : {\"d\":[],\"c\":null}, \"\\u0061\" : 1 } "))
                .isNotEqualTo(JsonTree.parse("{\"a\":1,\"b\":{\"d\":[]}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{} {}",
                "01",
                "NaN",
                "{'a':1}",
                "[1,]",
                "tru"
            })
    void whatIsNotOneValueIsMalformed(String text) {
        assertThatThrownBy(() -> JsonTree.parse(text)).isInstanceOf(JsonTree.Malformed.class);
    }

    @Test
    void nestingHasABound() {
        assertThatThrownBy(() -> JsonTree.parse("[".repeat(1_001) + "]".repeat(1_001)))
                .isInstanceOf(JsonTree.Malformed.class);
    }
}

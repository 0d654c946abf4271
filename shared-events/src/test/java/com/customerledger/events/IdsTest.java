package com.customerledger.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {

    private static final int IDS = 10_000;

    @Test
    void idsHaveTheirFormAndNeverRepeatThoughManyThreadsMakeThem() {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        IntStream.range(0, IDS).parallel().forEach(i -> ids.add(Ids.customer()));

        assertThat(ids).hasSize(IDS).allMatch(id -> id.matches("cus_[A-Za-z0-9_-]{21}"));
    }

    @Test
    void everyPlaceTakesEveryCharacter() {
        boolean[][] met = new boolean[Ids.LENGTH][128];
        for (int i = 0; i < IDS; i++) {
            String id = Ids.customer();
            for (int place = 4; place < Ids.LENGTH; place++) {
                met[place][id.charAt(place)] = true;
            }
        }
        for (int place = 4; place < Ids.LENGTH; place++) {
            boolean[] here = met[place];
            assertThat(IntStream.range(0, 128).filter(c -> here[c]).count()).isEqualTo(64);
        }
    }
}

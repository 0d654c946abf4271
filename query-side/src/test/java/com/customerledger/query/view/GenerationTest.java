package com.customerledger.query.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.query.view.Generation.State;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationTest {

    private static final Generation GENERATION = new Generation(17, "people", 3, 1, ZoneOffset.UTC, State.LIVE);

    @Test
    void itsOwnNamesGetItsNumber() {
        assertThat(GENERATION.sql("SELECT people_N.id FROM views.people_N, views.people_by_age_N"))
                .isEqualTo("SELECT people_3.id FROM views.people_3, views.people_by_age_3");
    }

    @ParameterizedTest
    @CsvSource({"'',''", "people,people", "people_N,people_3", "people___N,people___3", "(people_N),(people_3)"})
    void aNameIsWhatStandsBetweenOtherCharacters(String template, String numbered) {
        assertThat(GENERATION.sql(template)).isEqualTo(numbered);
    }

    @ParameterizedTest
    @CsvSource({
        "other_N",
        "_N",
        "N",
        "peoples_N",
        "other_people_N",
        "people_Name",
        "people_N_",
        "people_N1",
        "peopleN",
        "people__N",
        "people_by2_N",
        "people_by_N_N"
    })
    void everythingElseStaysAsItIs(String template) {
        assertThat(GENERATION.sql("views." + template)).isEqualTo("views." + template);
    }

    @Test
    void tablesOfOneSessionAreTemporary() {
        Generation scratch = new Generation(0, "people", Generation.SCRATCH, 1, ZoneOffset.UTC, State.LIVE);

        assertThat(scratch.sql("CREATE TABLE views.people_N (id text); CREATE TABLE views.other (id text)"))
                .isEqualTo("CREATE TABLE pg_temp.people_0 (id text); CREATE TABLE views.other (id text)");
    }
}

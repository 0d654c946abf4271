package com.customerledger.events.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.Personal;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomerJsonTest {

    private static final Instant CREATED = Instant.parse("2026-10-24T23:59:59.999999Z");
    // In Berlin this is the second 02:30 of that night.
    private static final Instant UPDATED = Instant.parse("2026-10-25T01:30:00.5Z");

    private static final FieldChanges FIELDS = FieldChanges.none()
            .with(CustomerField.REFERENCE, "CLN \"1\" \\ \t Ünïcode 🚀")
            .with(CustomerField.PERSON_NAME, "")
            .with(CustomerField.POSTAL_CODE, 0)
            .with(CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id())
            .with(
                    CustomerField.METADATA,
                    new JsonText("{\"n\":1.10,\"e\":-0.0E+5,\"d\":{\"a\":[null,true,\"\\\\\"]}}"));

    @ParameterizedTest
    @ValueSource(strings = {"Africa/Johannesburg", "Europe/Berlin", "UTC"})
    void whatWasReadBackIsWrittenTheSame(String zone) {
        CustomerJson json = new CustomerJson(ZoneId.of(zone));
        for (@Nullable Instant updated : new @Nullable Instant[] {null, CREATED, UPDATED}) {
            CustomerRecord customer = new CustomerRecord(
                    "cus_1",
                    "mer_1",
                    7,
                    CREATED,
                    updated,
                    updated,
                    FieldValues.none().with(FIELDS));
            String text = json.text(customer);

            CustomerRecord read = json.read(text, "mer_1", 7, CREATED);
            assertThat(json.text(read)).isEqualTo(text);
            assertThat(read.values()).isEqualTo(customer.values());
            assertThat(read.version()).isEqualTo(7);
        }
    }

    @Test
    void whatIsLaterThanTheCreationIsTheChangedFields() {
        CustomerJson json = new CustomerJson(ZoneId.of("UTC"));
        CustomerRecord created =
                CustomerRecord.of(new CustomerCreated("cus_1", "mer_1", CREATED, new Personal(FIELDS, null, null)));
        FieldChanges changes =
                FieldChanges.none().with(CustomerField.PERSON_NAME, null).with(CustomerField.CITY_OR_TOWN, "Durban");
        CustomerRecord updated =
                created.evolve(new CustomerUpdated("cus_1", "mer_1", UPDATED, new Personal(changes, null, null)));

        assertThat(json.laterText(created)).isEqualTo("{\"updated_at\":null}");
        assertThat(json.laterText(updated)).isEqualTo("{\"person_name\":null,\"city_or_town\":\"Durban\"}");
        assertThat(json.later(created, 2, UPDATED, json.laterText(updated))).isEqualTo(updated);
        // Of a record that was read from its text nobody knows what was changed: all of it is written.
        CustomerRecord read = json.read(json.text(updated), "mer_1", 2, CREATED);
        assertThat(json.later(created, 2, UPDATED, json.laterText(read))).isEqualTo(updated);
        assertThatThrownBy(() -> json.later(created, 2, UPDATED, "{\"colour\":\"red\"}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("colour");
    }

    @Test
    void aMemberThatNobodyKnowsIsNotReadOver() {
        CustomerJson json = new CustomerJson(ZoneId.of("UTC"));
        assertThatThrownBy(() -> json.read("{\"id\":\"cus_1\",\"colour\":\"red\"}", "mer_1", 1, CREATED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("colour");
    }
}

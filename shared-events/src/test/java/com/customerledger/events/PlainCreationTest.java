package com.customerledger.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainCreationTest {

    private static final Instant AT = Instant.parse("2026-10-24T23:59:59.999999Z");
    private static final CustomerJson JSON = new CustomerJson(ZoneId.of("Africa/Johannesburg"));

    private static final String STATUS = "\"customer_status_lookups_id\":\"" + Lookup.ACTIVE.id() + "\"";

    private static @Nullable PlainCreation plain(String payload) {
        return PlainCreation.of("CustomerCreated", 1, "cus_1", payload);
    }

    private static String payload(String fields) {
        return "{\"merchant_id\":\"mer_1\",\"personal\":{\"format\":1,\"fields\":{" + fields + "}}}";
    }

    private static CustomerCreated read(String payload) {
        return (CustomerCreated) EventCodec.event("CustomerCreated", 1, "cus_1", AT, payload);
    }

    @Test
    void whatIsCopiedIsWhatReadingAndWritingMakes() {
        Random random = new Random(7);
        List<String> texts =
                List.of("", "Meteor (Pty) Ltd", "Ünïcode 🚀 \u007f\u2028", "}}}", "{\"a\":", "\",\"", "a\\b", "\t");
        List<String> objects =
                List.of("{}", "{\"a\":{\"b\":[1.10,-0.0E+5,null]}}", "{\"a\":\"}}\"}", "{\"a\":\"\\n\"}");
        int copied = 0;
        for (int i = 0; i < 20_000; i++) {
            Map<CustomerField, Object> fields = new EnumMap<>(CustomerField.class);
            for (CustomerField field : CustomerField.all()) {
                if (random.nextInt(4) > 0) {
                    // Mostly what needs no escape, or hardly any creation of so many fields would be plain.
                    int kind = random.nextInt(random.nextInt(8) > 0 ? 5 : texts.size());
                    fields.put(
                            field,
                            switch (field) {
                                case POSTAL_CODE -> random.nextInt() >>> (1 + random.nextInt(31));
                                case METADATA -> new JsonText(objects.get(random.nextInt(objects.size())));
                                default -> kind == 4 ? "0001" : texts.get(kind);
                            });
                }
            }
            fields.put(CustomerField.CUSTOMER_STATUS, Lookup.DISABLED.id());
            String actor = random.nextInt(10) == 0 ? "}}}" : null;
            String payload = EventCodec.payload(
                    new CustomerCreated("cus_1", "mer_1", AT, new Personal(FieldChanges.of(fields), actor, null)));

            PlainCreation plain = plain(payload);

            boolean isLong = fields.get(CustomerField.POSTAL_CODE) instanceof Integer code && code > 999_999_999;
            assertThat(plain == null).as(payload).isEqualTo(payload.contains("\\") || actor != null || isLong);
            if (plain != null) {
                copied++;
                CustomerRecord customer = CustomerRecord.of(read(payload));
                assertThat(new String(JSON.bytes("cus_1", AT, plain), StandardCharsets.UTF_8))
                        .isEqualTo(JSON.text(customer));
                assertThat(plain.merchantId()).isEqualTo("mer_1");
                assertThat(plain.status()).isEqualTo(customer.status());
            }
        }
        assertThat(copied).isGreaterThan(2_000);
    }

    @Test
    void onlyACreationOfTheNewestRevisionIsCopied() {
        String payload = payload(STATUS);

        assertThat(plain(payload)).isNotNull();
        assertThat(PlainCreation.of("CustomerUpdated", 1, "cus_1", payload)).isNull();
        assertThat(PlainCreation.of("CustomerCreated", 2, "cus_1", payload)).isNull();
        assertThat(PlainCreation.of("CustomerCreated", 1, "cus_\"1", payload)).isNull();
        assertThat(PlainCreation.of("CustomerCreated", 1, "cus_\\1", payload)).isNull();
        assertThat(plain(payload.replace("\"format\":1", "\"format\":2"))).isNull();
        assertThat(plain(payload.replace("merchant_id", "merchant"))).isNull();
        assertThat(plain(payload.replace("{\"mer", "{ \"mer"))).isNull();
    }

    // What reading refuses, or reads as something else than what stands there.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "STATUS,",
                ",STATUS",
                "STATUS,STATUS",
                "STATUS ",
                "STATUS,\"colour\":\"red\"",
                "\"reference\":\"1\"STATUS",
                "STATUS,\"reference\":\"1\"",
                "\"reference\":\"1\",\"reference\":\"2\",STATUS",
                "\"reference\":null,STATUS",
                "\"reference\":true,STATUS",
                "\"reference\":,STATUS",
                "\"reference\":{},STATUS",
                "\"reference\" :\"1\",STATUS",
                "\"reference\":\"1\n\",STATUS",
                "\"reference\":\"\\u0041\",STATUS",
                "\"postal_code\":-1,STATUS",
                "\"postal_code\":01,STATUS",
                "\"postal_code\":1.0,STATUS",
                "\"postal_code\":1e3,STATUS",
                "\"postal_code\":4294967296,STATUS",
                "STATUS,\"metadata\":{\"a\":}",
                "STATUS,\"metadata\":{\"a\":1} ",
                "STATUS,\"metadata\":{\"a\":1}}",
                "STATUS,\"metadata\":{}{}",
                "STATUS,\"metadata\":{",
                "STATUS,\"metadata\":{}},\"actor\":{",
                "STATUS,\"metadata\":[]",
                "STATUS,\"metadata\":\"",
                "\"customer_status_lookups_id\":\"loo_nothing\"",
                "\"customer_status_lookups_id\":1"
            })
    void whatIsWrittenInAnotherWayIsRead(String fields) {
        assertThat(plain(payload(fields.replace("STATUS", STATUS)))).isNull();
    }

    @Test
    void nothingPersonalIsShown() {
        assertThat(String.valueOf(plain(payload("\"reference\":\"secret\"," + STATUS))))
                .doesNotContain("secret");
    }
}

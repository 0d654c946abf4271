package com.customerledger.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"merchant_id":"mer_1","personal":{}}         | mer_1
            {"merchant_id":"mer_1"}                       | mer_1
            {"merchant_id":"mer_\\u0031"}                 | mer_1
            {"merchant_id":"é🙂"}                         | é🙂
            {"merchant_id":"mer_1", and no JSON behind it | mer_1
            { "merchant_id" : "mer_1" }                   | mer_1
            {"a":{"merchant_id":"b"},"merchant_id":"c"}   | c
            {"merchant_id":1,"merchant_id":"c"}           | c
            """)
    void thePayloadNamesItsMerchant(String payload, String merchantId) {
        assertThat(EventCodec.merchantId(payload)).isEqualTo(merchantId);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "{\"merchant_id\":\"mer_", "{\"merchant_id\":\"a\u0001\"}", "{\"merchant_id\":null}"
            })
    void aPayloadThatNamesNoMerchantIsRefused(String payload) {
        assertThatThrownBy(() -> EventCodec.merchantId(payload)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void eachMetadataIsReadAsItIs() {
        EventMetadata one = new EventMetadata("key_1", "req_1", null);
        EventMetadata two = new EventMetadata("key_2", "req_2", "0a");
        for (EventMetadata each : new EventMetadata[] {one, one, two, one, two, two}) {
            assertThat(EventCodec.metadata(EventCodec.metadata(each))).isEqualTo(each);
        }
        assertThatThrownBy(() -> EventCodec.metadata("")).isInstanceOf(RuntimeException.class);
        assertThat(EventCodec.metadata(EventCodec.metadata(one))).isEqualTo(one);
    }
}

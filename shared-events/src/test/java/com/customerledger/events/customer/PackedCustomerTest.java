package com.customerledger.events.customer;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.Personal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PackedCustomerTest {

    private static final Instant AT = Instant.parse("2026-10-24T23:59:59.999999999Z");

    private static Personal said(Map<CustomerField, ? extends @Nullable Object> fields) {
        return new Personal(FieldChanges.of(fields), null, null);
    }

    private static CustomerRecord created(Map<CustomerField, ? extends @Nullable Object> fields) {
        return CustomerRecord.of(new CustomerCreated("cus_1", "mer_1", AT, said(fields)));
    }

    /** That is all there is of it: the record's own equality knows nothing of what was changed. */
    private static void assertIsKept(CustomerRecord customer) {
        CustomerRecord unpacked = PackedCustomer.of(customer).unpack();
        assertThat(unpacked).isEqualTo(customer);
        assertThat(unpacked.values().changed()).isEqualTo(customer.values().changed());
    }

    @Test
    void whatIsUnpackedIsWhatWasPacked() {
        Random random = new Random(11);
        List<String> texts = List.of("", " ", "Meteor (Pty) Ltd", "Ünïcode 🚀 \u007f\u2028", "\\\"", "0001");
        for (int i = 0; i < 5_000; i++) {
            CustomerRecord customer = created(fields(random, texts, false));
            assertIsKept(customer);
            Instant later = AT.plusNanos(random.nextInt(2_000_000_000));
            customer = customer.evolve(new CustomerUpdated("cus_1", "mer_1", later, said(fields(random, texts, true))));
            assertIsKept(customer);
            boolean atCreation = random.nextBoolean();
            assertIsKept(customer.evolve(new CustomerArchived("cus_1", "mer_1", later, atCreation, said(Map.of()))));
        }
    }

    private static Map<CustomerField, @Nullable Object> fields(Random random, List<String> texts, boolean clears) {
        Map<CustomerField, @Nullable Object> fields = new EnumMap<>(CustomerField.class);
        for (CustomerField field : CustomerField.all()) {
            if (random.nextInt(3) > 0) {
                fields.put(
                        field,
                        switch (field) {
                            case POSTAL_CODE -> random.nextInt() >>> (1 + random.nextInt(31));
                            case METADATA -> new JsonText("{\"a\":\"" + texts.get(random.nextInt(4)) + "\"}");
                            default -> texts.get(random.nextInt(texts.size()));
                        });
            } else if (clears && random.nextBoolean()) {
                fields.put(field, null);
            }
        }
        return fields;
    }

    @Test
    void theLargestMetadataIsKept() {
        String longest = "\uffff".repeat((FieldType.OBJECT_BYTES_MAX - 8) / 3);
        assertIsKept(created(Map.of(CustomerField.METADATA, new JsonText("{\"a\":\"" + longest + "\"}"))));
        String pairs = "🚀".repeat((FieldType.OBJECT_BYTES_MAX - 8) / 4);
        assertIsKept(created(Map.of(CustomerField.METADATA, new JsonText("{\"a\":\"" + pairs + "\"}"))));
    }

    @Test
    void nothingOfItIsInItsText() {
        PackedCustomer packed = PackedCustomer.of(created(Map.of(CustomerField.COMPANY_NAME, "Meteor Ltd")));
        assertThat(packed.toString()).doesNotContain("Meteor").contains(packed.length() + " bytes");
    }
}

package com.customerledger.benchmarks;

import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.Ids;
import com.customerledger.events.Personal;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.JsonText;
import com.customerledger.events.customer.Lookup;
import java.time.Instant;

/** What the benchmarks work on: one customer of the size that merchants send. */
public final class Samples {

    /** The customer's values as a request has them, a JSON object with a place for the number in its reference. */
    public static final String RECORD = """
            {"reference":"INV-2024-%06d","company_name":"Tshwane Elektriese Dienste (Edms) Bpk","person_name":"Thandeka",\
            "person_surname":"Müller-Nkosi","email":"thandeka@example.co.za","contact_number":"+27 82 555 0123",\
            "city_or_town":"Pretoria","postal_code":2,"metadata":{"segment":"retail","limit":1500.50}}""";

    private Samples() {}

    /** A customer that has just been created. */
    public static CustomerCreated created() {
        return new CustomerCreated(
                Ids.customer(),
                Ids.merchant(),
                Instant.EPOCH,
                new Personal(
                        FieldChanges.none()
                                .with(CustomerField.REFERENCE, "INV-2024-000123")
                                .with(CustomerField.COMPANY_NAME, "Tshwane Elektriese Dienste (Edms) Bpk")
                                .with(CustomerField.PERSON_NAME, "Thandeka")
                                .with(CustomerField.PERSON_SURNAME, "Müller-Nkosi")
                                .with(CustomerField.EMAIL, "thandeka@example.co.za")
                                .with(CustomerField.CONTACT_NUMBER, "+27 82 555 0123")
                                .with(CustomerField.CITY_OR_TOWN, "Pretoria")
                                .with(CustomerField.POSTAL_CODE, 2)
                                .with(CustomerField.CUSTOMER_STATUS, Lookup.ACTIVE.id())
                                .with(
                                        CustomerField.METADATA,
                                        new JsonText("{\"segment\":\"retail\",\"limit\":1500.50}")),
                        "thandeka",
                        null));
    }

    /** A customer that moved. */
    public static CustomerUpdated updated() {
        return new CustomerUpdated(
                Ids.customer(),
                Ids.merchant(),
                Instant.EPOCH.plusSeconds(1),
                new Personal(
                        FieldChanges.none()
                                .with(CustomerField.CITY_OR_TOWN, "Paarl")
                                .with(CustomerField.POSTAL_CODE, 7646),
                        "thandeka",
                        null));
    }
}

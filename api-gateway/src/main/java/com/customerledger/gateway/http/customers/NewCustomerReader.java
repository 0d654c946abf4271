package com.customerledger.gateway.http.customers;

import com.customerledger.events.Ids;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FaultyValueException;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.json.JsonValue;
import com.customerledger.events.refusal.Fault;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.RecordReader;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a customer to create. Null is as good as absent. Thread-safe. */
final class NewCustomerReader implements RecordReader<NewCustomer> {

    private static final List<CustomerField> REQUIRED =
            CustomerField.all().stream().filter(CustomerField::required).toList();

    @Override
    public NewCustomer read(JsonParser object, String text) {
        Members members = new Members();
        Map<CustomerField, Object> fields = new EnumMap<>(CustomerField.class);
        Set<CustomerField> faulty = EnumSet.noneOf(CustomerField.class);
        while (object.nextToken() != JsonToken.END_OBJECT) {
            String name = object.currentName();
            JsonToken value = object.nextToken();
            CustomerField field = CustomerField.named(name);
            if (field != null) {
                if (value != JsonToken.VALUE_NULL) {
                    try {
                        fields.put(field, field.check(JsonValue.read(object, text)));
                    } catch (FaultyValueException wrong) {
                        members.add(wrong.fault());
                        faulty.add(field);
                    }
                }
            } else if (name.equals("id") || Ignored.is(name)) {
                object.skipChildren();
            } else {
                members.unknown(name, object);
            }
        }
        for (CustomerField field : REQUIRED) {
            if (!fields.containsKey(field) && !faulty.contains(field)) {
                members.required(field.json());
            }
        }
        return new NewCustomer(Ids.customer(), FieldChanges.of(fields), members.faults());
    }

    @Override
    public NewCustomer faulty(List<Fault> faults) {
        return new NewCustomer(Ids.customer(), FieldChanges.none(), faults);
    }
}

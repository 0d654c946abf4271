package com.customerledger.command.customer;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldValues;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Fault;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a DebiCheck payment can collect from: a person, known by name, identity document and phone. */
final class DebiCheck {

    private static final List<CustomerField> NEEDED = List.of(
            CustomerField.PERSON_NAME,
            CustomerField.PERSON_SURNAME,
            CustomerField.ID_TYPE,
            CustomerField.ID_NUMBER,
            CustomerField.CONTACT_NUMBER);

    private DebiCheck() {}

    /** What keeps a DebiCheck payment from starting for this customer, a fault for each field. */
    static List<Fault> faults(FieldValues values) {
        List<Fault> faults = new ArrayList<>();
        for (CustomerField field : NEEDED) {
            if (missing(values.text(field))) {
                faults.add(fault(field, "a DebiCheck payment needs the customer's " + field.json()));
            }
        }
        if (!missing(values.text(CustomerField.COMPANY_NAME))) {
            faults.add(fault(CustomerField.COMPANY_NAME, "a DebiCheck payment collects from a person, not a company"));
        }
        String number = values.text(CustomerField.ID_NUMBER);
        boolean southAfrican = Lookup.SOUTH_AFRICAN_ID.id().equals(values.text(CustomerField.ID_TYPE));
        if (southAfrican && number != null && !missing(number) && !southAfricanId(number)) {
            faults.add(fault(
                    CustomerField.ID_NUMBER,
                    "a South African ID has 13 digits, a possible birth date and a right check digit"));
        }
        return faults;
    }

    /** Thirteen digits: a birth date as yyMMdd, of either century, and the last one making the Luhn sum right. */
    static boolean southAfricanId(String number) {
        return number.matches("[0-9]{13}") && birthDate(number) && luhn(number);
    }

    private static boolean birthDate(String number) {
        int year = Integer.parseInt(number.substring(0, 2));
        int month = Integer.parseInt(number.substring(2, 4));
        int day = Integer.parseInt(number.substring(4, 6));
        return isDate(1900 + year, month, day) || isDate(2000 + year, month, day);
    }

    private static boolean isDate(int year, int month, int day) {
        try {
            LocalDate.of(year, month, day);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean luhn(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }

    private static boolean missing(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static Fault fault(CustomerField field, String message) {
        return new Fault(ErrorCode.VALUE, field.json(), "debicheck", message);
    }
}

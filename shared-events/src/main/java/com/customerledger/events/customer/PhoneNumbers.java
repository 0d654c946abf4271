package com.customerledger.events.customer;

import com.google.i18n.phonenumbers.PhoneNumberUtil;

/**
 * Which texts are possible phone numbers, seen from South Africa: libphonenumber says so. Of nine digits behind {@code 0},
 * {@code +27} or {@code 0027}, the first of them not zero, it is known what it says, because it drops what stands between
 * digits, takes these prefixes off and asks for the length of the rest only. Thread-safe.
 */
final class PhoneNumbers {

    private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();

    private static final String REGION = "ZA";
    private static final String COUNTRY = "27";
    private static final int NATIONAL_DIGITS = 9;

    private PhoneNumbers() {}

    static boolean isPossible(String text) {
        return isPlain(text) || LIBRARY.isPossibleNumber(text, REGION);
    }

    /** Whether it is written in the way that most South African numbers are, with which there is nothing wrong. */
    static boolean isPlain(String text) {
        boolean plus = text.startsWith("+");
        int digits = 0;
        for (int i = plus ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c != ' ' && c != '-' && c != '(' && c != ')') {
                return false;
            }
        }
        if (digits <= NATIONAL_DIGITS) {
            return false;
        }
        String prefix = plus ? COUNTRY : digits == NATIONAL_DIGITS + 1 ? "0" : "00" + COUNTRY;
        return digits == prefix.length() + NATIONAL_DIGITS && begins(text, prefix);
    }

    /** Whether the digits of a text begin with these, and the next one is not zero. */
    private static boolean begins(String text, String prefix) {
        int met = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (met == prefix.length()) {
                    return c != '0';
                }
                if (c != prefix.charAt(met)) {
                    return false;
                }
                met++;
            }
        }
        return false;
    }
}

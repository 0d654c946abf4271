package com.customerledger.events.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.Random;
import org.apache.commons.validator.routines.EmailValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick ways to a verdict on e-mail addresses and phone numbers lead to the libraries' verdicts. */
class PlainFormsTest {

    private static final int TEXTS = 15_000;

    private static final String[] ATOMS = {
        "a",
        "john",
        "J",
        "1",
        "_",
        "-",
        "+",
        "a_b",
        "a+b",
        "a-b",
        "é",
        "'",
        "\"a b\"",
        "a b",
        "",
        "%",
        "\\a",
        "x".repeat(31)
    };
    private static final String[] LABELS = {
        "a",
        "mail",
        "MAIL",
        "1",
        "a-b",
        "-a",
        "a-",
        "a--b",
        "é",
        "xn--9ca",
        "a_b",
        "",
        "[127",
        "x".repeat(63),
        "x".repeat(64)
    };
    private static final String[] TOP_LEVELS = {
        "com",
        "za",
        "COM",
        "Com",
        "c",
        "museum",
        "zzzz",
        "test",
        "1com",
        "co1",
        "xn--p1ai",
        "рф",
        "",
        "com.",
        "local",
        "1]",
        "arpa"
    };
    private static final String[] BETWEEN = {".", ".", ".", ".", ".", ".", "", "..", "@", " "};

    private static String anyOf(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static String address(Random random) {
        StringBuilder text = new StringBuilder(anyOf(random, ATOMS));
        while (random.nextInt(3) == 0) {
            text.append(anyOf(random, BETWEEN)).append(anyOf(random, ATOMS));
        }
        text.append(random.nextInt(30) == 0 ? anyOf(random, "", "@@", " @", "@ ") : "@");
        do {
            text.append(anyOf(random, LABELS)).append(anyOf(random, BETWEEN));
        } while (random.nextInt(3) == 0);
        text.append(anyOf(random, TOP_LEVELS));
        return text.toString();
    }

    /** A text with one of its characters another, gone, or there twice. */
    private static String disturbed(Random random, String text, String characters) {
        if (text.isEmpty()) {
            return text;
        }
        StringBuilder changed = new StringBuilder(text);
        int at = random.nextInt(text.length());
        char any = characters.charAt(random.nextInt(characters.length()));
        switch (random.nextInt(3)) {
            case 0 -> changed.setCharAt(at, any);
            case 1 -> changed.deleteCharAt(at);
            default -> changed.insert(at, any);
        }
        return changed.toString();
    }

    private static void isJudgedAsByTheLibrary(String address) {
        if (EmailAddresses.isValid(address) != EmailValidator.getInstance().isValid(address)) {
            fail("judged otherwise: " + address);
        }
    }

    @Test
    void addressesAreJudgedAsByTheLibrary() {
        Random random = new Random(1);
        int valid = 0;
        int plain = 0;
        for (int i = 0; i < TEXTS; i++) {
            String address = address(random);
            isJudgedAsByTheLibrary(address);
            isJudgedAsByTheLibrary(disturbed(random, address, "aZ09._+-@ \t'\"[]\\é\n\u0001🙂"));
            valid += EmailAddresses.isValid(address) ? 1 : 0;
            plain += EmailAddresses.topLevel(address) >= 0 ? 1 : 0;
        }
        assertThat(valid).isBetween(TEXTS / 50, TEXTS / 2);
        assertThat(plain).isBetween(TEXTS / 50, TEXTS / 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a@",
                "@a.com",
                "a@com",
                "a@.com",
                "a@a..com",
                "a@a.com.",
                "a.@a.com",
                ".a@a.com",
                "a..a@a.com",
                "a@b@a.com",
                "a@a.com\n",
                "a@a.c",
                "a@-a.com",
                "a@a-.com",
                "a@a.-com",
                "a@1.2.3.4",
                "a@[1.2.3.4]"
            })
    void oddAddressesAreJudgedAsByTheLibrary(String address) {
        isJudgedAsByTheLibrary(address);
    }

    @Test
    void lengthsOfAddressesAreThoseOfTheLibrary() {
        for (int length = 1; length <= 260; length++) {
            isJudgedAsByTheLibrary("x".repeat(length) + "@mail.com");
            isJudgedAsByTheLibrary("x@" + "y".repeat(length) + ".com");
            isJudgedAsByTheLibrary("x@mail." + "y".repeat(length));
            isJudgedAsByTheLibrary("x@" + "y".repeat(length % 2 + 1) + ".z".repeat(length / 2) + ".com");
        }
    }

    private static void isPossibleAsByTheLibrary(String number) {
        if (PhoneNumbers.isPossible(number) != PhoneNumberUtil.getInstance().isPossibleNumber(number, "ZA")) {
            fail("judged otherwise: " + number);
        }
    }

    private static String number(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(6) == 0) {
            text.append(anyOf(random, " ", "-", "(", ")", "()"));
        }
        text.append(anyOf(random, "", "+", "+", "++"));
        text.append(anyOf(random, "0", "0", "27", "27", "0027", "0027", "00", "", "270", "1", "44", "2", "266"));
        int digits = random.nextInt(4) == 0 ? random.nextInt(14) : 9;
        for (int i = 0; i < digits; i++) {
            if (random.nextInt(6) == 0) {
                text.append(anyOf(random, " ", "-", "(", ")", ") ", " (", "--", ".", "/", "x", "#", ";", "ext"));
            }
            text.append(random.nextInt(10));
        }
        if (random.nextInt(10) == 0) {
            text.append(anyOf(random, " ", "-", ")", "#", "x1", "+"));
        }
        return text.toString();
    }

    @Test
    void phoneNumbersAreJudgedAsByTheLibrary() {
        Random random = new Random(2);
        int plain = 0;
        for (int i = 0; i < TEXTS; i++) {
            String number = number(random);
            isPossibleAsByTheLibrary(number);
            isPossibleAsByTheLibrary(disturbed(random, number, "0123456789 +-()/.x#*,;~٣０A"));
            plain += PhoneNumbers.isPlain(number) ? 1 : 0;
        }
        assertThat(plain).isBetween(TEXTS / 50, TEXTS / 2);
    }

    @Test
    void everyBeginningOfAPlainPhoneNumberIsPossible() {
        for (int i = 100_000; i < 1_000_000; i += 97) {
            String number = i + "123";
            isPossibleAsByTheLibrary("0" + number);
            isPossibleAsByTheLibrary("+27" + number);
            isPossibleAsByTheLibrary("0027" + number);
        }
    }
}

package com.customerledger.events.customer;

import java.util.HashSet;
import java.util.Set;
import org.apache.commons.validator.routines.EmailValidator;

/**
 * Which texts are e-mail addresses: commons-validator says so. Of a plainly written address all that its regular
 * expressions leave open is whether there is such a top-level domain, so that once it has accepted one the next with the
 * same needs no asking. Thread-safe.
 *
 * <p>Plain is: letters, digits and {@code _+-}, separated by single dots, before the only {@code @}; behind it labels of
 * letters, digits and inner hyphens, at least two, the last of lower-case letters only; all of them within the lengths
 * that the library allows.
 */
final class EmailAddresses {

    private static final EmailValidator LIBRARY = EmailValidator.getInstance();

    private static final int LOCAL_PART_MAX = 64;
    private static final int DOMAIN_MAX = 253;
    private static final int LABEL_MAX = 63;

    private static final EmailAddresses ALL = new EmailAddresses();

    /** The top-level domains met so far that the library knows, which bounds them: it knows some 1,500. */
    private volatile Set<String> known = Set.of();

    private EmailAddresses() {}

    /** Whether the library takes the text for an address. */
    static boolean isValid(String text) {
        return ALL.has(text);
    }

    private boolean has(String text) {
        int start = topLevel(text);
        if (start < 0) {
            return LIBRARY.isValid(text);
        }
        String topLevel = text.substring(start);
        if (known.contains(topLevel)) {
            return true;
        }
        boolean valid = LIBRARY.isValid(text);
        if (valid) {
            learn(topLevel);
        }
        return valid;
    }

    private synchronized void learn(String topLevel) {
        Set<String> more = new HashSet<>(known);
        more.add(topLevel);
        known = Set.copyOf(more);
    }

    /** Where the top-level domain of an address begins that is plainly written; -1 for any other text. */
    static int topLevel(String text) {
        int at = text.indexOf('@');
        if (at > LOCAL_PART_MAX || text.length() - at - 1 > DOMAIN_MAX || !isPlainLocalPart(text, at)) {
            return -1;
        }
        int label = at + 1;
        for (int i = label; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (!isPlainLabel(text, label, i)) {
                    return -1;
                }
                label = i + 1;
            } else if (!isLetterOrDigit(c) && c != '-') {
                return -1;
            }
        }
        boolean plain = label > at + 1 && isPlainLabel(text, label, text.length()) && isLowerCase(text, label);
        return plain ? label : -1;
    }

    private static boolean isPlainLocalPart(String text, int end) {
        boolean dot = true;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (dot) {
                    return false;
                }
                dot = true;
            } else {
                if (!isLetterOrDigit(c) && c != '_' && c != '-' && c != '+') {
                    return false;
                }
                dot = false;
            }
        }
        return !dot;
    }

    private static boolean isPlainLabel(String text, int begin, int end) {
        return begin < end && end - begin <= LABEL_MAX && text.charAt(begin) != '-' && text.charAt(end - 1) != '-';
    }

    private static boolean isLowerCase(String text, int begin) {
        for (int i = begin; i < text.length(); i++) {
            if (text.charAt(i) < 'a' || text.charAt(i) > 'z') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}

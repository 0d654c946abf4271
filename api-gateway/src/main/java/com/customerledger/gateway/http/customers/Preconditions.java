package com.customerledger.gateway.http.customers;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The conditions of a request for a single record, as RFC 9110 has them in its chapter 13. */
final class Preconditions {

    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

    private Preconditions() {}

    /** Whether the request wants the record in other versions only. */
    static boolean unmet(HttpServletRequest request, String tag) {
        return request.getHeader("If-Match") != null && !any(request.getHeaders("If-Match"), tag, false);
    }

    /** Whether the client has this version already. */
    static boolean notModified(HttpServletRequest request, String tag) {
        return any(request.getHeaders("If-None-Match"), tag, true);
    }

    private static boolean any(Enumeration<String> headers, String tag, boolean weak) {
        while (headers.hasMoreElements()) {
            String header = headers.nextElement();
            if (header.strip().equals("*")) {
                return true;
            }
            Matcher tags = TAG.matcher(header);
            while (tags.find()) {
                if (tags.group(2).equals(tag) && (weak || tags.group(1) == null)) {
                    return true;
                }
            }
        }
        return false;
    }
}

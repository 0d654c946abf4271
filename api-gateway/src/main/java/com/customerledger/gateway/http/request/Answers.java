package com.customerledger.gateway.http.request;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes successes. */
public final class Answers {

    /** The type of every answer. */
    public static final String JSON = "application/json";

    /** How far the view that answered is behind the newest event, in milliseconds. */
    public static final String LAG = "Ledger-Lag-Ms";

    /** How many of the merchant's customers are not as they should be, because an event of theirs is parked. */
    public static final String PARKED = "Ledger-Parked-Customers";

    private static final byte[] BEGIN = "{\"status\":true,\"results\":".getBytes(StandardCharsets.UTF_8);

    private Answers() {}

    /** Says how many customers have parked events, when there are any. */
    public static void parked(HttpServletResponse response, int customers) {
        if (customers > 0) {
            response.setHeader(PARKED, Integer.toString(customers));
        }
    }

    /** Writes a whole answer. */
    public static void write(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentType(JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Writes an answer whose results are that JSON array or object. */
    public static void results(HttpServletResponse response, byte[] array) throws IOException {
        byte[] body = new byte[BEGIN.length + array.length + 1];
        System.arraycopy(BEGIN, 0, body, 0, BEGIN.length);
        System.arraycopy(array, 0, body, BEGIN.length, array.length);
        body[body.length - 1] = '}';
        write(response, body);
    }

    /** Writes an answer whose one result is that JSON object. */
    public static void result(HttpServletResponse response, byte[] object) throws IOException {
        byte[] array = new byte[object.length + 2];
        array[0] = '[';
        System.arraycopy(object, 0, array, 1, object.length);
        array[array.length - 1] = ']';
        results(response, array);
    }
}

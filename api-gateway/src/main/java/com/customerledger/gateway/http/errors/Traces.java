package com.customerledger.gateway.http.errors;

import java.sql.SQLException;

/** Stack traces for the log. */
public final class Traces {

    private static final int CAUSES_MAX = 8;

    private Traces() {}

    /**
     * The types and places of a failure and its causes. Their messages are left out: a database's or a parser's may repeat
     * a customer's values, and nothing personal may stand in a log.
     */
    public static String withoutMessages(Throwable failure) {
        StringBuilder trace = new StringBuilder();
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            trace.append(i == 0 ? "" : "\nCaused by: ").append(cause.getClass().getName());
            if (cause instanceof SQLException sql) {
                trace.append(" SQLSTATE ").append(sql.getSQLState());
            }
            for (StackTraceElement frame : cause.getStackTrace()) {
                trace.append("\n\tat ").append(frame);
            }
            cause = cause.getCause();
        }
        return trace.toString();
    }
}

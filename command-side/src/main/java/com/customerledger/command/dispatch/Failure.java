package com.customerledger.command.dispatch;

import com.customerledger.events.UnavailableException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What a failed transaction means for its command. */
enum Failure {
    /** Another transaction was in the way; the same command may succeed now. */
    CONFLICT,
    /** The database can't do it now. */
    UNAVAILABLE,
    /** A bug, or a database that is not as it must be. */
    UNEXPECTED;

    /** What PostgreSQL's error codes say, see its appendix "PostgreSQL Error Codes". */
    static Failure of(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof OptimisticLockingFailureException) {
                return CONFLICT;
            }
            if (each instanceof UnavailableException
                    || each instanceof SQLTransientConnectionException
                    || each instanceof CannotCreateTransactionException
                    || each instanceof TransactionSystemException
                    || each instanceof DataAccessResourceFailureException) {
                return UNAVAILABLE;
            }
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                return of(sql.getSQLState());
            }
        }
        return UNEXPECTED;
    }

    private static Failure of(String state) {
        return switch (state) {
            // A unique violation reaches us from the aggregates' sequences only: claims are made ON CONFLICT DO
            // NOTHING.
            case "23505", "40001", "40P01" -> CONFLICT;
            // Another node has just promoted or demoted the database.
            case "25006" -> UNAVAILABLE;
            // The server ended a transaction that stood still too long, as when the network did, or one that came too
            // late.
            case "25P03", "25P04", "LG002" -> UNAVAILABLE;
            default ->
                switch (state.substring(0, 2)) {
                    case "08", "53", "55", "57", "58" -> UNAVAILABLE;
                    default -> UNEXPECTED;
                };
        };
    }

    /** The failure for a log: never a database's message, which can hold values. */
    static String summary(@Nullable Throwable failure) {
        StringBuilder summary = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            summary.append(summary.isEmpty() ? "" : " < ")
                    .append(each.getClass().getSimpleName());
            if (each instanceof SQLException sql) {
                summary.append(" SQLSTATE ").append(sql.getSQLState());
            }
        }
        return summary.toString();
    }
}

package com.customerledger.gateway.http.errors;

import com.customerledger.events.refusal.ErrorCode;

/** The one table between the API's error codes and HTTP's statuses, both ways. */
final class ErrorTable {

    private ErrorTable() {}

    /** The status of an answer with that code, where nothing says otherwise. */
    static int status(ErrorCode code) {
        return switch (code) {
            case ACCESS -> 401;
            case LAYOUT -> 400;
            case PARAMETER, LOOKUP, VALUE -> 422;
            case REQUEST -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case RATE -> 429;
            case UNAVAILABLE -> 503;
            case INTERNAL -> 500;
        };
    }

    /** The code of an answer that the server made with that status, from 400 on. */
    static ErrorCode code(int status) {
        return switch (status) {
            case 401, 403 -> ErrorCode.ACCESS;
            case 413, 415 -> ErrorCode.LAYOUT;
            case 422 -> ErrorCode.PARAMETER;
            case 404 -> ErrorCode.NOT_FOUND;
            case 409, 412 -> ErrorCode.CONFLICT;
            case 429 -> ErrorCode.RATE;
            case 503 -> ErrorCode.UNAVAILABLE;
            // What the server does not implement was asked for by the request: a method, a coding, a version of HTTP.
            case 501, 505 -> ErrorCode.REQUEST;
            default -> status < 500 ? ErrorCode.REQUEST : ErrorCode.INTERNAL;
        };
    }

    /** What to say of a status that the server made. */
    static String message(int status) {
        return switch (status) {
            case 401 -> "Invalid API key";
            case 403 -> "The API key is not allowed to do this";
            case 404 -> "There is nothing at this path";
            case 405 -> "The method is not allowed at this path";
            case 406 -> "Answers are application/json only";
            case 408 -> "The request did not arrive in time";
            case 412 -> "The record has another version";
            case 413 -> "The body is too large";
            case 414 -> "The request target is too long";
            case 415 -> "The body must be application/json in UTF-8, not encoded further";
            case 417 -> "The expectation can't be met";
            case 429 -> "Too many requests";
            case 431 -> "The headers are too large";
            case 501 -> "The method or the transfer coding is not known";
            case 503 -> "Temporarily unavailable";
            case 505 -> "The version of HTTP is not supported";
            default -> status < 500 ? "The request is malformed" : "Unexpected error";
        };
    }
}

package com.customerledger.gateway.http.errors;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.events.views.OperationRefusedException;
import com.customerledger.events.views.OperationRefusedException.Reason;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;

/** Answers errors. Thread-safe. */
public final class Errors {

    /** The header that every answer has. */
    public static final String REQUEST_ID = "X-Request-Id";

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private Errors() {}

    /** Writes the answer; nothing must have been sent yet. */
    public static void write(HttpServletResponse response, ErrorAnswer answer) throws IOException {
        byte[] body = answer.body(response.getHeader(REQUEST_ID));
        response.resetBuffer();
        response.setStatus(answer.status());
        if (answer.retryAfterSeconds() > 0) {
            response.setIntHeader(HttpHeaders.RETRY_AFTER, answer.retryAfterSeconds());
        }
        if (answer.allow() != null) {
            response.setHeader(HttpHeaders.ALLOW, answer.allow());
        }
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The answer to a request that ended with that failure. One that is our fault is logged. */
    public static ErrorAnswer answer(Throwable failure, String requestId) {
        Throwable cause =
                failure instanceof ServletException && failure.getCause() != null && !(failure instanceof ErrorResponse)
                        ? failure.getCause()
                        : failure;
        if (cause instanceof ErrorAnswerException error) {
            return error.answer();
        }
        if (cause instanceof RefusedException refused) {
            return ErrorAnswer.of(refused.refusal());
        }
        if (cause instanceof OperationRefusedException refused) {
            ErrorCode code = refused.reason() == Reason.UNKNOWN ? ErrorCode.NOT_FOUND : ErrorCode.CONFLICT;
            return ErrorAnswer.of(code, String.valueOf(refused.getMessage()));
        }
        if (cause instanceof UnavailableException unavailable) {
            LOG.warn("Request {} can't be answered now: {}", requestId, unavailable.getMessage());
            return ErrorAnswer.of(503).retryAfter(unavailable.retryAfterSeconds());
        }
        if (cause instanceof RequestRejectedException) {
            return ErrorAnswer.of(400);
        }
        if (cause instanceof ErrorResponse spring) {
            ErrorAnswer answer = ErrorAnswer.of(spring.getStatusCode().value());
            return answer.status() == HttpServletResponse.SC_METHOD_NOT_ALLOWED
                    ? answer.allow(spring.getHeaders().getAllow())
                    : answer;
        }
        LOG.error("Request {} failed: {}", requestId, Traces.withoutMessages(cause));
        return ErrorAnswer.of(500);
    }
}

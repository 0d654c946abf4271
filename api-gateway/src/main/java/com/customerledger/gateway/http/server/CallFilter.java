package com.customerledger.gateway.http.server;

import com.customerledger.gateway.http.errors.Errors;
import com.customerledger.gateway.http.errors.Traces;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.keys.ApiKey;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.CloseNowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Surrounds every call: gives it its id, answers what nobody else answered, cuts an answer off that failed after its
 * first byte, and writes one line to the log, with the route and never the target, which may hold what is personal.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class CallFilter implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger("com.customerledger.gateway.access");
    private static final Logger FAILURES = LoggerFactory.getLogger(CallFilter.class);
    private static final String LOGGED_ID = "request_id";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException {
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        long startedAt = System.nanoTime();
        String id = Calls.id(http);
        MDC.put(LOGGED_ID, id);
        answer.setHeader(Errors.REQUEST_ID, id);
        boolean whole = false;
        try {
            handle(http, answer, chain, id);
            whole = true;
        } finally {
            log(http, answer, id, startedAt, whole);
            MDC.remove(LOGGED_ID);
        }
    }

    private static void handle(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String id)
            throws IOException {
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException | Error failure) {
            if (isClientGone(failure)) {
                FAILURES.info("The client of request {} went away, or took too long", id);
                throw new CloseNowException();
            }
            if (response.isCommitted() && response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST) {
                // The server found the body's framing broken while it was read, and writes that answer itself.
                return;
            }
            if (response.isCommitted()) {
                FAILURES.error("The answer to request {} was cut off: {}", id, Traces.withoutMessages(failure));
                // The server closes the connection at once and without the last chunk, so that nobody takes the answer
                // for whole.
                throw new CloseNowException();
            }
            Errors.write(response, Errors.answer(failure, id));
        }
    }

    private static boolean isClientGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClientAbortException) {
                return true;
            }
        }
        return false;
    }

    private static void log(
            HttpServletRequest request, HttpServletResponse response, String id, long startedAt, boolean whole) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        ApiKey key = Calls.keyOrNull(request);
        LOG.info(
                "{} {} {}{} {} ms, key {}, request {}",
                request.getMethod(),
                route == null ? "-" : route,
                response.getStatus(),
                whole ? "" : " cut off",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt),
                key == null ? "-" : key.key(),
                id);
    }
}

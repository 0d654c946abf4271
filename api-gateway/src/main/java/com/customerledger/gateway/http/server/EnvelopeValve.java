package com.customerledger.gateway.http.server;

import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.Errors;
import com.customerledger.gateway.http.request.Calls;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the errors that the server itself makes, for requests that never reach the application: malformed lines,
 * targets, headers and chunks.
 */
final class EnvelopeValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(EnvelopeValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String id = Calls.id(request);
        response.setHeader(Errors.REQUEST_ID, id);
        LOG.info("The server refused request {} with {}", id, status);
        try {
            Errors.write(response, ErrorAnswer.of(status));
            response.finishResponse();
        } catch (IOException gone) {
            LOG.debug("The client of request {} is gone", id);
        }
    }
}

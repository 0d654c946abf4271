package com.customerledger.gateway.http.errors;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers what a call threw, in place of all of Spring's own resolvers. A call that fails after its first byte was sent
 * is left to whoever can cut the connection.
 */
public final class FailureResolver implements HandlerExceptionResolver {

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (response.isCommitted() || failure instanceof IOException) {
            return null;
        }
        try {
            Errors.write(response, Errors.answer(failure, String.valueOf(response.getHeader(Errors.REQUEST_ID))));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
        return new ModelAndView();
    }
}

package com.customerledger.gateway.http.security;

import com.customerledger.gateway.keys.ApiKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** What each kind of key may do. */
final class AccessRules implements AuthorizationManager<RequestAuthorizationContext> {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final AuthorizationDecision ALLOWED = new AuthorizationDecision(true);
    private static final AuthorizationDecision DENIED = new AuthorizationDecision(false);

    /** What the payments platform alone may do. */
    private static final List<RequestMatcher> TELLING_PAYMENTS = List.of(
            PathPatternRequestMatcher.pathPattern(HttpMethod.POST, "/customers/payments/start"),
            PathPatternRequestMatcher.pathPattern(HttpMethod.POST, "/customers/payments/stop"));

    /** What it may do besides. */
    private static final List<RequestMatcher> READING_PAYMENTS = List.of(
            PathPatternRequestMatcher.pathPattern(HttpMethod.GET, "/customers/{id}/payments"),
            PathPatternRequestMatcher.pathPattern(HttpMethod.HEAD, "/customers/{id}/payments"));

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> authentication, RequestAuthorizationContext context) {
        if (!(authentication.get() instanceof KeyAuthentication proven)) {
            return DENIED;
        }
        HttpServletRequest request = context.getRequest();
        ApiKey key = proven.getPrincipal();
        return switch (key.kind()) {
            case READ_WRITE -> decide(!any(TELLING_PAYMENTS, request));
            case READ_ONLY -> decide(READING.contains(request.getMethod()));
            case PAYMENTS -> decide(any(TELLING_PAYMENTS, request) || any(READING_PAYMENTS, request));
        };
    }

    private static boolean any(List<RequestMatcher> matchers, HttpServletRequest request) {
        for (RequestMatcher matcher : matchers) {
            if (matcher.matches(request)) {
                return true;
            }
        }
        return false;
    }

    private static AuthorizationDecision decide(boolean allowed) {
        return allowed ? ALLOWED : DENIED;
    }
}

package com.customerledger.gateway.http.security;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/**
 * The key and secret that a request came with, as yet unproven. A request without them, or with something that can't be
 * read, has them empty: it is asked about like any other, so that its answer takes as long.
 */
final class SentKey extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;
    private static final String SCHEME = "Basic ";

    private final @Nullable String key;
    private final @Nullable String secret;

    private SentKey(@Nullable String key, @Nullable String secret) {
        super(List.of());
        this.key = key;
        this.secret = secret;
    }

    /** Those of that request. */
    static SentKey of(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new SentKey(null, null);
        }
        String both;
        try {
            both = new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return new SentKey(null, null);
        }
        int colon = both.indexOf(':');
        return colon < 0 ? new SentKey(null, null) : new SentKey(both.substring(0, colon), both.substring(colon + 1));
    }

    @Override
    public @Nullable String getPrincipal() {
        return key;
    }

    @Override
    public @Nullable String getCredentials() {
        return secret;
    }
}

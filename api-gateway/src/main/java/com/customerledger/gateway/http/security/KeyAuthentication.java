package com.customerledger.gateway.http.security;

import com.customerledger.gateway.keys.ApiKey;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A request that came with a right key and secret. */
final class KeyAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final transient ApiKey key;

    KeyAuthentication(ApiKey key) {
        super(List.of());
        this.key = key;
        setAuthenticated(true);
    }

    @Override
    public ApiKey getPrincipal() {
        return key;
    }

    @Override
    public String getName() {
        return key.key();
    }

    /** The secret is not kept. */
    @Override
    public String getCredentials() {
        return "";
    }
}

package com.customerledger.gateway.http.security;

import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.Errors;
import com.customerledger.gateway.http.limits.RateLimit;
import com.customerledger.gateway.keys.ApiKeys;
import com.customerledger.gateway.keys.InvalidKeyException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Lets in who has a key, stateless, and anybody to health and the API's description. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityConfiguration {

    private static final String CHALLENGE = "Basic realm=\"customer-ledger\"";

    /** What needs no key; reading only, since nothing else is there. */
    private static final RequestMatcher OPEN = new OrRequestMatcher(
            reading("/actuator/health"), reading("/openapi.json"), reading("/docs"), reading("/docs/**"));

    private static RequestMatcher reading(String path) {
        return new OrRequestMatcher(
                PathPatternRequestMatcher.pathPattern(HttpMethod.GET, path),
                PathPatternRequestMatcher.pathPattern(HttpMethod.HEAD, path));
    }

    @Bean
    AuthenticationManager authenticationManager(ApiKeys keys) {
        return sent -> authenticate(keys, (SentKey) sent);
    }

    private static Authentication authenticate(ApiKeys keys, SentKey sent) {
        try {
            return new KeyAuthentication(keys.authenticate(sent.getPrincipal(), sent.getCredentials()));
        } catch (InvalidKeyException invalid) {
            throw new BadCredentialsException(invalid.getMessage());
        }
    }

    @Bean
    @Order(100)
    SecurityFilterChain open(HttpSecurity http) {
        return stateless(http)
                .securityMatcher(OPEN)
                .authorizeHttpRequests(rules -> rules.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Order(200)
    SecurityFilterChain merchants(HttpSecurity http, AuthenticationManager keys) {
        BasicAuthenticationFilter basic = new BasicAuthenticationFilter(keys, SecurityConfiguration::challenge);
        basic.setAuthenticationConverter(SentKey::of);
        return stateless(http)
                .addFilterAt(basic, BasicAuthenticationFilter.class)
                .addFilterBefore(new RateLimit(), AuthorizationFilter.class)
                .authorizeHttpRequests(rules -> rules.anyRequest().access(new AccessRules()))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(SecurityConfiguration::challenge)
                        .accessDeniedHandler((request, response, denied) ->
                                Errors.write(response, ErrorAnswer.of(HttpServletResponse.SC_FORBIDDEN))))
                .build();
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    private static void challenge(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
            throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        Errors.write(response, ErrorAnswer.of(HttpServletResponse.SC_UNAUTHORIZED));
    }

    /**
     * Spring's strict firewall, without two of its rules that HTTP does not have: unknown methods are answered 405 like known
     * ones, and header values are bytes, checked where they are used.
     */
    @Bean
    StrictHttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowedHeaderValues(value -> true);
        return firewall;
    }

    /** Requests are observed once, around all filters; around each of them it costs more than they do. */
    @Bean
    SecurityObservationSettings securityObservationSettings() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return (request, response, rejected) ->
                Errors.write(response, ErrorAnswer.of(HttpServletResponse.SC_BAD_REQUEST));
    }
}

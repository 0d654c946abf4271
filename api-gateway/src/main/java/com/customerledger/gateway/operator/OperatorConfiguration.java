package com.customerledger.gateway.operator;

import com.customerledger.gateway.health.Readiness;
import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.settings.LedgerSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * Whatever comes in at the operators' port needs the operators' name and password, be it there or not. Their chain is
 * asked first, and takes the requests of that port's own server only: merchants' keys are of no use here, operators' of
 * none there.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(LedgerSettings.SERVE)
class OperatorConfiguration {

    private static final String MANAGEMENT = "management";
    private static final String CHALLENGE = "Basic realm=\"Customer Ledger, operators\"";

    @Bean
    DataDirectory dataDirectory(Environment settings) {
        return DataDirectory.of(settings);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain operatorSecurity(HttpSecurity http, DataDirectory directory) {
        return http.securityMatcher(OperatorConfiguration::isForOperators)
                .authorizeHttpRequests(requests -> requests.anyRequest().hasAuthority("OPERATOR"))
                .authenticationManager(new ProviderManager(OperatorCredentials.in(directory)))
                .httpBasic(basic -> basic.authenticationEntryPoint(OperatorConfiguration::challenge))
                .exceptionHandling(failures -> failures.authenticationEntryPoint(OperatorConfiguration::challenge))
                // Without sessions and forms there is nothing that a foreign page could ride on but Basic itself.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    @Bean
    Announcements announcements(DataDirectory directory, Environment settings, Readiness readiness) {
        return new Announcements(directory, settings, readiness);
    }

    /** Without the server's page for errors. */
    private static void challenge(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException refused) {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }

    private static boolean isForOperators(HttpServletRequest request) {
        return WebServerApplicationContext.hasServerNamespace(
                WebApplicationContextUtils.getWebApplicationContext(request.getServletContext()), MANAGEMENT);
    }
}

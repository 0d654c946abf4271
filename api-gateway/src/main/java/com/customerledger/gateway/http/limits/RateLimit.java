package com.customerledger.gateway.http.limits;

import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.Errors;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.keys.ApiKey;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds each key to its rate on this node, where it has one: as many requests a second, and at most that many at once.
 * Requests that are refused otherwise count too. Thread-safe.
 */
public final class RateLimit extends OncePerRequestFilter {

    private static final int KEYS_MAX = 100_000;
    /** A bucket that nobody asked for that long is full: a new one is the same. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Cache<Limited, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(KEYS_MAX).expireAfterAccess(IDLE).build();

    private record Limited(String key, int perSecond) {}

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof ApiKey key) {
            Calls.proven(request, key);
            Integer perSecond = key.ratePerSecond();
            if (perSecond != null) {
                ConsumptionProbe probe = buckets.get(new Limited(key.key(), perSecond), RateLimit::bucket)
                        .tryConsumeAndReturnRemaining(1);
                if (!probe.isConsumed()) {
                    Errors.write(response, ErrorAnswer.of(429).retryAfter(seconds(probe.getNanosToWaitForRefill())));
                    return;
                }
            }
        }
        chain.doFilter(request, response);
    }

    private static Bucket bucket(Limited limited) {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(limited.perSecond).refillGreedy(limited.perSecond, Duration.ofSeconds(1)))
                .build();
    }

    /** Rounded up: who waits that long finds room. */
    private static int seconds(long nanos) {
        return (int) (nanos / TimeUnit.SECONDS.toNanos(1)) + 1;
    }
}

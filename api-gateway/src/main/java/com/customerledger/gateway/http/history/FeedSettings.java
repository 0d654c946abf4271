package com.customerledger.gateway.http.history;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of the feeds that stay open.
 *
 * @param heartbeatMs {@code ledger.feed.heartbeat-ms}: after how long without an event a feed shows that it lives, in
 *     milliseconds
 * @param streamsMax {@code ledger.feed.streams-max}: how many are open at once on this node
 * @param streamsPerKeyMax {@code ledger.feed.streams-per-key-max}: how many of them a key may have
 */
@ConfigurationProperties("ledger.feed")
record FeedSettings(
        @DefaultValue("15000") int heartbeatMs,
        @DefaultValue("64") int streamsMax,
        @DefaultValue("4") int streamsPerKeyMax) {

    FeedSettings {
        atLeastOne("heartbeat-ms", heartbeatMs);
        atLeastOne("streams-max", streamsMax);
        atLeastOne("streams-per-key-max", streamsPerKeyMax);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("ledger.feed." + name + " must be at least 1");
        }
    }
}

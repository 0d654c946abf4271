package com.customerledger.query;

import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The read side's settings.
 *
 * @param timeZone {@code ledger.time-zone}: the zone of timestamps and dates in requests and answers
 * @param read how reads wait
 * @param list how whole lists are streamed
 * @param write what reads count on of writes
 * @param views how views follow the events
 */
@ConfigurationProperties("ledger")
public record QuerySettings(
        @DefaultValue("Africa/Johannesburg") ZoneId timeZone,
        @DefaultValue Read read,
        @DefaultValue Lists list,
        @DefaultValue Write write,
        @DefaultValue Views views) {

    /**
     * How reads wait.
     *
     * @param waitMaxMs {@code ledger.read.wait-max-ms}: how long a read waits for views that are behind, and for a
     *     connection, in milliseconds
     * @param connectionsMax {@code ledger.read.connections-max}: how many connections short reads share
     */
    public record Read(
            @DefaultValue("2000") int waitMaxMs,
            @DefaultValue("16") int connectionsMax) {}

    /**
     * How whole lists are streamed.
     *
     * @param streamsMax {@code ledger.list.streams-max}: how many run at once on this node, each with a connection
     * @param streamsPerKeyMax {@code ledger.list.streams-per-key-max}: how many of them a key may have
     * @param durationMaxMs {@code ledger.list.duration-max-ms}: how long one may run before it is cut off, in
     *     milliseconds; the database can't clean up behind a running one
     */
    public record Lists(
            @DefaultValue("32") int streamsMax,
            @DefaultValue("8") int streamsPerKeyMax,
            @DefaultValue("900000") int durationMaxMs) {}

    /**
     * What reads count on of writes.
     *
     * @param transactionMaxMs {@code ledger.write.transaction-max-ms}: within which time of its events a write is
     *     committed or never, in milliseconds; the same on every node
     */
    public record Write(@DefaultValue("1000") int transactionMaxMs) {}

    /**
     * How views follow the events.
     *
     * @param pollMs {@code ledger.views.poll-ms}: how often to look for what other nodes wrote, in milliseconds
     */
    public record Views(@DefaultValue("25") int pollMs) {}
}

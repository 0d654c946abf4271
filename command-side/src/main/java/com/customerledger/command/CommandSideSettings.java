package com.customerledger.command;

import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator can set about the write side.
 *
 * @param timeZone the zone of the timestamps in answers, {@code ledger.time-zone}
 * @param write how long writes may take, and how many run at once
 */
@ConfigurationProperties("ledger")
record CommandSideSettings(
        @DefaultValue("Africa/Johannesburg") ZoneId timeZone,
        @DefaultValue Write write) {

    /**
     * @param transactionMaxMs from the time of a write's events to its commit, in milliseconds
     * @param connectionsMax how many writes run at once on this node; more wait
     * @param connectionWaitMaxMs how long a write waits for a connection, in milliseconds
     */
    record Write(
            @DefaultValue("1000") long transactionMaxMs,
            @DefaultValue("16") int connectionsMax,
            @DefaultValue("3000") long connectionWaitMaxMs) {}
}

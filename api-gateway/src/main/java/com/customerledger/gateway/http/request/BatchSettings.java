package com.customerledger.gateway.http.request;

import com.customerledger.events.Positions;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limit of a batch.
 *
 * @param maxRecords {@code ledger.batch.max-records}: how many records one request may have. A record can make two events,
 *     and all events of a request are one transaction's.
 */
@ConfigurationProperties("ledger.batch")
public record BatchSettings(@DefaultValue("1000") int maxRecords) {

    private static final int EVENTS_PER_RECORD_MAX = 2;

    public BatchSettings {
        int most = Positions.EVENTS_PER_TRANSACTION_MAX / EVENTS_PER_RECORD_MAX;
        if (maxRecords < 1 || maxRecords > most) {
            throw new IllegalArgumentException("ledger.batch.max-records must be from 1 to " + most);
        }
    }
}
